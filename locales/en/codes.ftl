# Names of the domain's codes.

stage-potential = Potential
stage-development = Development
stage-growth = Growth
stage-maturity = Maturity
stage-decline = Decline
stage-termination = Termination

five-stage-acquisition = Acquisition
five-stage-enhancement = Enhancement
five-stage-mature = Maturity
five-stage-declining = Decline
five-stage-exited = Exit

category-key_account = Key account
category-private_network = Private network
category-industry = Industry customer
category-sme = Small and medium business
category-public = Public

cute-coach = Coach
cute-user = User buyer
cute-technical = Technical buyer
cute-economic = Economic buyer

sla-gold = Gold
sla-silver = Silver
sla-bronze = Bronze
sla-none = None

family-mobile = Mobile
family-fixed = Fixed line
family-broadband = Broadband
family-leased_line = Leased line
family-sms = SMS
family-switchboard = Switchboard
family-mailbox = Mailbox
family-idc = IDC
family-iot = IoT
family-ict = ICT
family-vas = Value-added service

end-reason-price = Price
end-reason-quality = Quality
end-reason-service = Service
end-reason-competitor = Competitor
end-reason-closed = Closed down
end-reason-moved = Moved away
end-reason-merged = Merged
end-reason-other = Other

payer-company = Company pays
payer-person = Person pays

ticket-kind-complaint = Complaint
ticket-kind-fault = Fault
ticket-kind-consultation = Consultation
ticket-kind-request = Request
ticket-kind-suggestion = Suggestion

channel-phone = Phone
channel-web = Web
channel-email = E-mail
channel-fax = Fax
channel-sms = SMS
channel-hall = Business hall
channel-app = App
channel-visit = Visit

direction-in = In
direction-out = Out

funnel-attention = Attention
funnel-understanding = Understanding
funnel-exploration = Exploration
funnel-development = Development
funnel-presentation = Presentation
funnel-implementation = Implementation
funnel-confirmation = Confirmation

opportunity-outcome-won = Won
opportunity-outcome-lost = Lost

level-hq = Headquarters
level-province = Province
level-city = City
level-county = County
level-grid = Grid

role-account_manager = Account manager
role-community_manager = Community manager
role-unit_head = Unit head
role-analyst = Marketing analyst
role-pricing = Pricing desk
role-service_agent = Service agent
role-engineer = Engineer
role-hall_clerk = Hall clerk
role-channel_agent = Channel agent
role-admin = Administrator

action-view_today = See Today
action-view_customers = See customers
action-edit_customers = Edit and add customers
action-assign_customers = Assign customers
action-export_customers = Export customers
action-view_insight = See Insight
action-build_segments = Build segments
action-edit_tactics = Say what is done about dissatisfied members
action-view_data = See Data
action-reveal_contact = See contacts in full
action-grant_sight = Grant sight
action-collaborate = Work with other units on a customer tree
action-merge_customers = Merge customers
action-view_audit = See and export the audit
action-administer = Decide who may sign in

table-org_units = Units
table-staff = Staff
table-customers = Customers
table-contacts = Contacts
table-products = Products
table-contracts = Contracts
table-services = Services
table-members = Members
table-usage = Usage
table-costs = Costs
table-member_usage = Member usage
table-tickets = Tickets
table-interactions = Interactions
table-opportunities = Opportunities
table-market = Market
table-bills = Bills
table-surveys = Surveys
table-readings = Network readings
risk-band-high = High risk
risk-band-medium = Medium risk
risk-band-low = Low risk
exit-cause-service = Service
exit-cause-competition = Competition
exit-cause-price = Price
exit-cause-special = Special reason
value-model-stage_chain = Stage chain
value-model-last_year = Last year goes on
risk-model-stage_chain = Exit rate of the stage
risk-model-learnt = Exit model
event-complaint = Complaint
event-fault = Fault
event-late = Late ticket
event-low_score = Low score
event-contact = Contact
event-service_named = Service or quality named
event-competition_named = Competitor named
event-price_named = Price named
event-special_named = Moving, closing or merging named
event-opportunity = Opportunity
event-request = Request
event-line_lost = Line lost to a competitor

segment-value-high = high value
segment-value-medium = medium value
segment-value-low = low value

buying-factor-price = price
buying-factor-network_quality = network quality
buying-factor-service = service
buying-factor-brand = brand
buying-factor-delivery_speed = speed of delivery
buying-factor-industry_solution = industry solution
buying-factor-relationship = relationship

ict-need-basic_voice = basic voice
ict-need-connectivity = connectivity
ict-need-office = office
ict-need-industry_application = industry application
ict-need-integrated_ict = integrated ICT

satisfaction-dissatisfied = Dissatisfied
satisfaction-neutral = Neutral
satisfaction-satisfied = Satisfied
satisfaction-very_satisfied = Very satisfied

indicator-availability = Availability
indicator-latency = Latency
indicator-loss = Packet loss
indicator-signal = Signal strength
indicator-repair_hours = Hours to repair
indicator-access_days = Days to build an access
managed-someone = Has a manager
managed-nobody = In the pool (no manager)
visited-once = Visited before
visited-never = Never visited
member-concern-dissatisfied = Possibly dissatisfied
member-concern-leaving = May leave
member-concern-both = Dissatisfied and may leave
