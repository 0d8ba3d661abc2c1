import CCurl

extension Transfer {
    /// Tells libcurl all it needs to know; the first option it does not take ends it.
    func setOptions() -> CURLcode {
        var options = unsafe Options(easy)
        setTransport(&options)
        setTrust(&options)
        setRequest(&options)
        setReceivers(&options)
        return options.result
    }

    private func setTransport(_ options: inout Options) {
        options.set(CURLOPT_NOSIGNAL, 1)
        // Else a transfer that ends while its name is resolved waits for the resolver, and all others with it.
        options.set(CURLOPT_QUICK_EXIT, 1)
        options.set(CURLOPT_PROTOCOLS_STR, "http,https")
        options.set(CURLOPT_FOLLOWLOCATION, 0)
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        options.set(CURLOPT_TCP_KEEPALIVE, 1)
        options.set(CURLOPT_CONNECTTIMEOUT_MS, ticket.configuration.connectTimeout.curlMilliseconds)
        options.set(CURLOPT_TIMEOUT_MS, ticket.request.timeout.curlMilliseconds)
        options.set(CURLOPT_MAXFILESIZE_LARGE, size: ticket.configuration.maxResponseBytes)
    }

    private func setTrust(_ options: inout Options) {
        options.set(CURLOPT_SSL_VERIFYPEER, 1)
        options.set(CURLOPT_SSL_VERIFYHOST, 2)
        if ticket.request.tellsCertificate { options.set(CURLOPT_CERTINFO, 1) }
        options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = ticket.configuration.caFile {
            options.set(CURLOPT_CAINFO, file)
            // Else the system's directory of authorities would still count.
            options.set(CURLOPT_CAPATH, nil)
        }
        if let pin = ticket.configuration.pinnedPublicKey { options.set(CURLOPT_PINNEDPUBLICKEY, pin) }
    }

    private func setRequest(_ options: inout Options) {
        let request = ticket.request
        options.set(CURLOPT_URL, request.url)
        options.set(CURLOPT_USERAGENT, ticket.configuration.userAgent)
        options.set(CURLOPT_ACCEPT_ENCODING, "gzip")
        if request.method == "HEAD" {
            options.set(CURLOPT_NOBODY, 1)
        } else if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            options.set(CURLOPT_POST, 1)
            options.setBody(request.body)
            options.set(CURLOPT_CUSTOMREQUEST, request.method)
        } else {
            options.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        setFields(request.headers, &options)
    }

    private func setFields(_ headers: [(String, String)], _ options: inout Options) {
        // libcurl adds both by itself where they do not stand in the list; without a value they are left out.
        let names = Set(headers.map { $0.0.lowercased() })
        let unwanted = ["Expect", "Content-Type"].filter { !names.contains($0.lowercased()) }
        let lines = headers.map { $1.isEmpty ? "\($0);" : "\($0): \($1)" } + unwanted.map { "\($0):" }
        for line in lines {
            guard let longer = unsafe curl_slist_append(fields, line) else { return options.fail(CURLE_OUT_OF_MEMORY) }
            unsafe fields = longer
        }
        unsafe options.set(CURLOPT_HTTPHEADER, pointer: fields)
    }

    private func setReceivers(_ options: inout Options) {
        unsafe options.set(CURLOPT_ERRORBUFFER, pointer: message)
        // Unretained: the loop keeps the transfer until libcurl has let go of it.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe options.set(CURLOPT_HEADERDATA, pointer: context)
        unsafe options.set(CURLOPT_WRITEDATA, pointer: context)
        unsafe options.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            unsafe Transfer.receive(bytes, size * count, context) { $0.takeHeader($1) }
        }
        unsafe options.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            unsafe Transfer.receive(bytes, size * count, context) { $0.takeBody($1) }
        }
    }

    /// What libcurl wants to hear of `count` bytes: all of them were taken, or none, which ends the transfer.
    private static func receive(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ take: (inout Answer, Span<UInt8>) -> Bool
    ) -> Int {
        guard let context = unsafe context else { return 0 }
        let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        let bytes = unsafe UnsafeRawBufferPointer(start: bytes, count: count).bindMemory(to: UInt8.self)
        return take(&transfer.answer, unsafe bytes.span) ? count : 0
    }
}

/// Sets options of a handle and keeps the first failure.
@safe private struct Options {
    private let easy: UnsafeMutableRawPointer
    private(set) var result = CURLE_OK

    init(_ easy: UnsafeMutableRawPointer) { unsafe self.easy = easy }

    mutating func set(_ option: CURLoption, _ value: Int) {
        fail(unsafe ccurl_set_long(easy, option, value))
    }

    mutating func set(_ option: CURLoption, size: Int) {
        fail(unsafe ccurl_set_size(easy, option, curl_off_t(size)))
    }

    /// The string is copied by libcurl; nil is its way to say "none".
    mutating func set(_ option: CURLoption, _ value: String?) {
        fail(unsafe ccurl_set_string(easy, option, value))
    }

    @unsafe mutating func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) {
        fail(unsafe ccurl_set_pointer(easy, option, pointer))
    }

    @unsafe mutating func set(_ option: CURLoption, _ receiver: @escaping ccurl_receiver) {
        fail(unsafe ccurl_set_receiver(easy, option, receiver))
    }

    /// The bytes are copied by libcurl.
    mutating func setBody(_ body: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, size: body.count)
        var body = body
        unsafe body.withUnsafeMutableBytes { bytes in
            unsafe set(CURLOPT_COPYPOSTFIELDS, pointer: bytes.baseAddress)
        }
    }

    mutating func fail(_ code: CURLcode) {
        if result == CURLE_OK { result = code }
    }
}

extension Duration {
    /// Whole milliseconds from 1, because libcurl takes 0 for no limit at all, to what its timers hold.
    fileprivate var curlMilliseconds: Int {
        Int(min(max(1, (self / .milliseconds(1)).rounded(.up)), Double(Int32.max)))
    }
}
