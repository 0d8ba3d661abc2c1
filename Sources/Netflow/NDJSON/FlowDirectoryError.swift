/// Why a directory of flow files cannot be asked at all.
package enum FlowDirectoryError: Error, Equatable {
    case unreadable(directory: String)
}

extension FlowDirectoryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let directory):
            "the flow directory \(directory) cannot be read: expected a directory that this user may list"
        }
    }
}
