/// What the credentials of a request come to.
struct Claims {
    let scope: Scopes
    private(set) var granted: Int?
    private(set) var withoutScope: Int?
    private(set) var isEmpty = true

    init(scope: Scopes) {
        self.scope = scope
    }

    /// Adds a credential and whose it is; nil for one that is not known.
    mutating func add(_ principal: Int?, _ principals: [Principal]) {
        isEmpty = false
        guard let principal else { return }
        if principals[principal].scopes.contains(scope) {
            granted = granted ?? principal
        } else {
            withoutScope = withoutScope ?? principal
        }
    }
}
