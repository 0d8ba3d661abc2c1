/// The Traffic Light Protocol as MISP's taxonomy `tlp` spells it.
package enum TrafficLight: String, Sendable, CaseIterable {
    case red
    case amber
    case amberStrict = "amber+strict"
    case green
    case white
    case clear

    var tag: Tag { Tag(name: "tlp:\(rawValue)", colour: colour) }

    private var colour: String {
        switch self {
        case .red: "#cc0033"
        case .amber, .amberStrict: "#ffc000"
        case .green: "#339900"
        case .white, .clear: "#ffffff"
        }
    }
}

/// The Permissible Actions Protocol as MISP's taxonomy `PAP` spells it.
package enum PermissibleActions: String, Sendable, CaseIterable {
    case red
    case amber
    case green
    case white
    case clear

    var tag: Tag { Tag(name: "PAP:\(rawValue.uppercased())", colour: colour) }

    private var colour: String {
        switch self {
        case .red: "#ff0000"
        case .amber: "#ffa800"
        case .green: "#00ad1c"
        case .white, .clear: "#ffffff"
        }
    }
}
