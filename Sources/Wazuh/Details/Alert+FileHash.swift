extension Alert {
    /// A file's digest.
    package struct FileHash: Hashable, Comparable, Sendable, Codable {
        package let algorithm: Algorithm

        /// In lower case.
        package let hexadecimal: String

        package enum Algorithm: String, Sendable, Codable { case md5, sha1, sha256 }

        package init(algorithm: Algorithm, hexadecimal: String) {
            self.algorithm = algorithm
            self.hexadecimal = hexadecimal
        }

        package static func < (left: Self, right: Self) -> Bool { left.hexadecimal < right.hexadecimal }
    }
}
