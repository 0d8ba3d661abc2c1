import Crypto
import HTTPServer
import IPAddresses
import Timestamps

/// Who may do what: all that the configuration says of it. A class, since every request would copy it.
final class AccessRules: Sendable {
    /// Everybody who can be told apart, by place.
    let principals: [Principal]

    /// Whether nobody has to prove anything.
    let isOpen: Bool

    /// The only addresses from which requests are taken; nil for all.
    let allowed: IPBlockSet?

    /// What each principal has for posting alerts; nil where that is not limited.
    let bucket: RateBucket?

    private let trustedProxies: IPBlockSet
    private let tokens: [TokenEntry]
    private let signers: [Signer]

    /// Certificates by the name in lower case; empty where every one counts.
    private let certificates: [String: Int]

    private struct TokenEntry {
        let fingerprint: Fingerprint
        let principal: Int
    }

    /// Somebody who signs.
    private struct Signer {
        let principal: Int
        let hubKey: SymmetricKey
        let standardKey: SymmetricKey?
    }

    init(_ configuration: Configuration) {
        let auth = configuration.auth
        let listen = configuration.listen
        var principals = [Principal.anybody, .certificate]
        func add(_ name: String, _ scopes: Scopes) -> Int {
            principals.append(Principal(name: name, scopes: scopes))
            return principals.count - 1
        }
        tokens = auth.tokens.entries.map { token in
            TokenEntry(
                fingerprint: Fingerprint(of: token.secret.text), principal: add(token.name, token.scopes))
        }
        signers = auth.webhookSecrets.entries.map { entry in
            Signer(
                principal: add(entry.name, .alerts), hubKey: SymmetricKey(data: Array(entry.secret.text.utf8)),
                standardKey: entry.standardKey.map { SymmetricKey(data: $0) })
        }
        let names = auth.clientNames.map { ($0.name.lowercased(), add($0.name, $0.scopes)) }
        certificates = Dictionary(names, uniquingKeysWith: { first, _ in first })
        self.principals = principals
        // Whoever is on this machine may post without a credential as long as there is none to have.
        isOpen = auth.mode == .none || (!configuration.hasCredentials && listen.host.isLoopback)
        allowed = auth.allowedAddresses
        trustedProxies = listen.trustedProxies.addresses
        bucket =
            auth.rate == 0
            ? nil : RateBucket(rate: auth.rate, burst: auth.burst, patience: listen.replyDelay)
    }

    /// What is to become of a request.
    enum Verdict: Equatable, Sendable {
        /// It is this principal's, by place, and may go on.
        case granted(Int)
        /// The body must be read: it may be signed, or hold a token.
        case bodyDecides(isSigned: Bool)
        /// It may not go on; whose it is, where that is known.
        case refused(AccessRefusal, Int?)
    }

    /// Whether a trusted proxy forwards for an address that may not connect.
    func refusesForwarding(_ head: borrowing RequestHead, by peer: Peer) -> Bool {
        guard let allowed, trustedProxies.contains(peer.address) else { return false }
        return switch ForwardedFor.client(of: head, trusted: trustedProxies) {
        case .proxy: false
        case .address(let address): !allowed.contains(address)
        case .unreadable: true
        }
    }

    /// Whose the request is by its head and its connection, and whether that is good for `scope`.
    ///
    /// One valid credential is enough. What the header claims goes first: a token in the body counts only where the
    /// header has none.
    func verdict(
        on head: borrowing RequestHead, from peer: Peer, for scope: Scopes, at now: @autoclosure () -> Timestamp
    ) -> Verdict {
        if isOpen { return .granted(0) }
        var claims = Claims(scope: scope)
        var isSigned = false
        head.forEachField { name, value in
            switch name.count {
            case 9 where name.equals(ignoringCase: "x-api-key"):
                claims.add(principal(presenting: value), principals)
            case 13 where name.equals(ignoringCase: "authorization"):
                claims.add(principal(authorizedBy: value), principals)
            case 17 where name.equals(ignoringCase: "webhook-signature"),
                19 where name.equals(ignoringCase: "x-hub-signature-256"):
                isSigned = true
            default: break
            }
        }
        if let granted = claims.granted { return .granted(granted) }
        let ofCertificate = peer.certificate.map { proven(by: $0, for: scope) }
        if let granted = ofCertificate?.granted { return .granted(granted) }
        if scope == .alerts {
            if isSigned, !signers.isEmpty { return verdict(onSigned: head, at: now()) }
            if !isSigned, claims.isEmpty, hasAlertToken { return .bodyDecides(isSigned: false) }
        }
        if let known = claims.withoutScope ?? ofCertificate?.withoutScope { return .refused(.scope, known) }
        let isNone = claims.isEmpty && !isSigned && ofCertificate == nil
        return .refused(isNone ? .noCredential : .unknownCredential, nil)
    }

    private func verdict(onSigned head: borrowing RequestHead, at now: Timestamp) -> Verdict {
        let isHub = head.count(of: "x-hub-signature-256") > 0
        if !isHub, let refusal = StandardWebhook.refusal(of: head, at: now) { return .refused(refusal, nil) }
        return .bodyDecides(isSigned: true)
    }

    /// Whose signature the request bears, now that its body is there, and what the request is known by if that was
    /// signed too.
    func verdict(
        onSignatureOf head: borrowing RequestHead, _ body: Span<UInt8>, at now: Timestamp
    ) -> (Verdict, message: Fingerprint?) {
        let isHub = head.count(of: "x-hub-signature-256") > 0
        let isStandard = head.count(of: "webhook-signature") > 0
        let refusal = isStandard ? StandardWebhook.refusal(of: head, at: now) : nil
        for signer in signers {
            if isStandard, refusal == nil, let key = signer.standardKey, StandardWebhook.isSigned(head, body, by: key) {
                let message = StandardWebhook.identity(of: head, from: principals[signer.principal])
                return (.granted(signer.principal), message)
            }
            if isHub, HubSignature.isSigned(head, body, by: signer.hubKey) { return (.granted(signer.principal), nil) }
        }
        return (.refused(refusal ?? .signature, nil), nil)
    }

    /// Whose token the body holds, nil where it holds none, and whether that is good for posting.
    func verdict(onTokenInBody token: String?) -> Verdict {
        guard let token else { return .refused(.noCredential, nil) }
        guard let principal = principal(presenting: Array(token.utf8).span) else {
            return .refused(.unknownCredential, nil)
        }
        return principals[principal].scopes.contains(.alerts) ? .granted(principal) : .refused(.scope, principal)
    }

    private var hasAlertToken: Bool { tokens.contains { principals[$0.principal].scopes.contains(.alerts) } }

    private func proven(by certificate: ClientCertificate, for scope: Scopes) -> Claims {
        var claims = Claims(scope: scope)
        if certificates.isEmpty {
            claims.add(1, principals)
        } else {
            for name in certificate.names { claims.add(certificates[name.lowercased()], principals) }
        }
        return claims
    }

    /// Whose token this is. Every token is looked at, so that the time says nothing of which one it is.
    private func principal(presenting token: Span<UInt8>) -> Int? {
        let fingerprint = Fingerprint(of: token)
        var found: UInt64 = 0
        for entry in tokens {
            found |= entry.fingerprint.sameness(with: fingerprint) & UInt64(entry.principal)
        }
        return found == 0 ? nil : Int(found)
    }

    private func principal(authorizedBy value: Span<UInt8>) -> Int? {
        var found: Int?
        _ = PresentedToken.read(authorization: value) { token, user in
            guard let principal = principal(presenting: token) else { return }
            if let user {
                let name = Array(principals[principal].name.utf8)
                guard user.isSame(as: name.span) else { return }
            }
            found = principal
        }
        return found
    }
}
