-- What people look up by name or number. Each index also holds whose row it is, so that what one may not see is left out
-- without a look at the table.
CREATE INDEX contacts_by_name ON contacts (lower(name), customer_id);
CREATE INDEX contacts_by_phone ON contacts (replace(replace(replace(phone, '-', ''), ' ', ''), '+', ''))
WHERE phone IS NOT NULL;
CREATE INDEX contracts_by_code ON contracts (lower(code), customer_id);
CREATE INDEX services_by_code ON services (lower(code), customer_id);
CREATE INDEX tickets_by_code ON tickets (lower(code), customer_id);
CREATE INDEX members_by_code ON members (lower(code), customer_id);
