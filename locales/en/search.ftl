# Search and the palette.

search = Search
search-found = What was found
found-contacts = People at customers
found-contracts = Contracts
found-services = Services
found-tickets = Tickets
found-members = Members
found-managers = Who answers for customers
found-units = Units
found-actions = What you can do
found-count = { $count } in all
found-all-customers = All { $count } customers that match
found-more = There is more: type a little more of it
found-nothing = Nothing was found
found-nothing-next = Type any part of a customer's name, its pinyin or initials; people and numbers from their beginning; a telephone number as a whole.
palette-placeholder = Find, or say what to do
palette-keys = ↑ ↓ to choose, Enter to open, Esc to close
deed-go = Go to { $room }
deed-teamwork = Start teamwork
deed-export = Export this list
deed-language = Change language: { $language }
deed-theme-system = Change theme: as the system
deed-theme-light = Change theme: light
deed-theme-dark = Change theme: dark
