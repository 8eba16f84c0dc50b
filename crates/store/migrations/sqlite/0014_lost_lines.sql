-- Lines that went to a competitor, by the day they ended: few of many, asked for by every cycle.
CREATE INDEX services_lost ON services (ended_on) WHERE end_reason = 'competitor';
