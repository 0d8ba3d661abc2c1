import ArgumentParser
import Journal
import MISP

/// What the exit status of a command says.
enum ExitStatus: Int32, Error {
    case fine = 0
    case failed = 1
    /// The command line or the configuration is wrong.
    case wrongUsage = 2
    /// There is an answer, but part of it is missing.
    case incomplete = 3

    /// The status of a command that ended with `error`.
    init(_ error: any Error) {
        switch error {
        case let status as ExitStatus: self = status
        case is ConfigurationError, is PolicyFile.Faults, is InvalidSetting, is WarninglistFaults: self = .wrongUsage
        case JournalError.missing, BackupError.exists: self = .wrongUsage
        default:
            switch Warnbell.exitCode(for: error) {
            case .success: self = .fine
            case .validationFailure: self = .wrongUsage
            default: self = .failed
            }
        }
    }
}
