package import Foundation

/// A folder of its own for one test, gone when the test lets go of it.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "warnbell-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // What can't be removed from the system's folder for such files does no harm there.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of what has this name here.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try write(Data(text.utf8), to: name)
    }

    @discardableResult
    package func write(_ data: Data, to name: String) throws -> String {
        let file = file(name)
        try data.write(to: URL(filePath: file))
        return file
    }

    package func read(_ name: String) throws -> String {
        // Of an empty file `String(contentsOf:)` and `Data(contentsOf:)` would leak the buffer.
        let handle = try FileHandle(forReadingFrom: URL(filePath: file(name)))
        return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    }

    /// The names in the folder, or in one below it.
    package func names(in folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: file(folder)).sorted()
    }
}
