import CMaxMindDB
package import IPAddresses

/// One file of the MaxMind DB format: GeoLite2 and GeoIP2, DB-IP, or another with their fields.
///
/// It is mapped into memory: a newer one has to take its name, not be written over it.
@safe
package final class GeoDatabase: @unchecked Sendable {
    // libmaxminddb's lookups change nothing: a handle may be used by many threads at a time.
    private let handle: UnsafeMutablePointer<MMDB_s>

    /// - Throws: ``GeoDatabaseError`` for a file that can't be read or is of another kind.
    package init(path: String) throws(GeoDatabaseError) {
        var status: Int32 = 0
        guard let handle = unsafe cmaxminddb_open(path, &status) else {
            throw GeoDatabaseError(path: path, reason: unsafe String(cString: MMDB_strerror(status)))
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe cmaxminddb_close(handle)
    }

    /// What the database knows of an address, which may be nothing.
    package func place(of address: IPAddress) -> GeoPlace {
        guard var entry = unsafe entry(of: address) else { return GeoPlace() }
        return GeoPlace(
            countryCode: unsafe text(&entry, "country", "iso_code"),
            country: unsafe text(&entry, "country", "names", "en"), city: unsafe text(&entry, "city", "names", "en"),
            system: unsafe number(&entry, "autonomous_system_number"),
            systemName: unsafe text(&entry, "autonomous_system_organization"))
    }

    private func entry(of address: IPAddress) -> MMDB_entry_s? {
        var entry = unsafe MMDB_entry_s()
        let bytes = (0..<16).map { UInt8(truncatingIfNeeded: address.bits >> (120 - 8 * $0)) }
        return unsafe cmaxminddb_find(handle, bytes, &entry) ? entry : nil
    }

    private func text(_ entry: inout MMDB_entry_s, _ one: String, _ two: String? = nil, _ three: String? = nil)
        -> String?
    {
        var start: UnsafePointer<CChar>?
        var count: UInt32 = 0
        guard unsafe cmaxminddb_text(&entry, one, two, three, &start, &count), let start = unsafe start, count > 0
        else { return nil }
        // Some have more words than a name; the text lies in the map, which outlives this call.
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(min(count, Self.longestName)))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    private func number(_ entry: inout MMDB_entry_s, _ key: String) -> UInt32? {
        var number: UInt32 = 0
        return unsafe cmaxminddb_number(&entry, key, &number) ? number : nil
    }

    private static let longestName: UInt32 = 256
}

/// A database that can't be used: which file, and why.
package struct GeoDatabaseError: Error, Equatable, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String { "\(path): \(reason)" }
}
