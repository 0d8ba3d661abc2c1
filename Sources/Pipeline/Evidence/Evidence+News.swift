extension Evidence {
    /// Whether this names anything that `known` does not: a value, a rule, a technique, a higher level. How often and
    /// when something was seen is no fact of its own.
    ///
    /// A list that is full names nothing more, so what it left out is not looked at.
    package func addsFacts(to known: Evidence) -> Bool {
        highestLevel > known.highestLevel || (mayDetect && !known.mayDetect)
            || attackers.addsValues(to: known.attackers) || rules.addsValues(to: known.rules)
            || techniques.addsValues(to: known.techniques) || tactics.addsValues(to: known.tactics)
            || requests.addsValues(to: known.requests) || userAgents.addsValues(to: known.userAgents)
            || hashes.addsValues(to: known.hashes) || domains.addsValues(to: known.domains)
            || `internal`.agents.addsValues(to: known.`internal`.agents)
            || `internal`.hosts.addsValues(to: known.`internal`.hosts)
            || `internal`.users.addsValues(to: known.`internal`.users)
    }
}

extension Tallies {
    /// Whether one of the values is new to `known` and would find room there.
    fileprivate func addsValues(to known: Self) -> Bool {
        guard known.values.count < known.limit else { return false }
        return values.keys.contains { known.values[$0] == nil }
    }
}
