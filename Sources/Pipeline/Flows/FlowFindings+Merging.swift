import IPAddresses

extension [FlowFindings] {
    /// These findings with newer ones put over them, one for each address, the most telling `limit` of them.
    ///
    /// A newer answer replaces an older one, unless it is incomplete and has less to tell: what was once learned is not
    /// lost because the logs could not be asked again.
    func updated(with newer: [FlowFindings], limit: Int) -> [FlowFindings] {
        var latest = Dictionary(map { ($0.address, $0) }) { $1 }
        for findings in newer {
            if !findings.incomplete.isEmpty, let older = latest[findings.address],
                older.flowRecords > findings.flowRecords
            {
                continue
            }
            latest[findings.address] = findings
        }
        let telling = latest.values.sorted { ($1.flowRecords, $0.address) < ($0.flowRecords, $1.address) }
        return telling.prefix(limit).sorted { $0.address < $1.address }
    }
}
