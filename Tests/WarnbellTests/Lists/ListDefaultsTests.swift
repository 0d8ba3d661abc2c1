import Pipeline
import Testing

@testable import Warnbell

/// What the defaults make of the lists of addresses in the misp-warninglists collection, by their names there.
struct ListDefaultsTests {
    private let policy = ListPolicy(Configuration.Lists())

    @Test(
        "Whoever comes from where innocent people come from is held",
        arguments: [
            "List of known Akamai IP ranges", "List of known Cloudflare IP ranges",
            "List of known Fastly IP address ranges",
            "List of known Stackpath CDN IP ranges", "List of known IPv4 public DNS resolvers",
            "List of known IPv6 public DNS resolvers", "List of known Office 365 IP address ranges",
            "List of known Office 365 IP address ranges in China", "List of known Gmail sending IP ranges",
            "List of known Googlebot IP ranges (https://developers.google.com/search/apis/ipranges/googlebot.json)",
            "List of known IP address ranges for OpenAI GPT crawler bot", "List of known Apple IP ranges",
            "List of known SMTP sending IP ranges", "List of known SMTP receiving IP addresses",
            "List of known Zscaler IP address ranges", "List of known Wikimedia address ranges",
            "List of known GitHub IP ranges (https://api.github.com/meta)", "List of known sinkholes",
            "List of known check-host.net IP address ranges", "Parking domains", "CRL and OCSP IP addresses",
            "cisco-umbrella-blockpage-ipv4", "List of known Telegram IP address ranges", "A list of our own",
        ])
    func hold(name: String) {
        #expect(policy.treatment(of: name) == .hold)
    }

    @Test(
        "Whoever comes from a cloud or a VPN is shared, with a note",
        arguments: [
            "List of known Amazon AWS IP address ranges",
            "List of known GCP (Google Cloud Platform) IP address ranges",
            "List of known Microsoft Azure Datacenter IP Ranges",
            "List of known Microsoft Azure China Datacenter IP Ranges",
            "List of known Microsoft Azure US Government Cloud Datacenter IP Ranges",
            "List of known Hetzner IP address ranges", "List of known DigitalOcean IP address ranges",
            "List of known Ovh Cluster IP",
            "Specialized list of vpn-ipv4 addresses belonging to common VPN providers and datacenters",
            "Specialized list of IPv6 addresses belonging to common VPN providers and datacenters",
        ])
    func note(name: String) {
        #expect(policy.treatment(of: name) == .note)
    }

    @Test(
        "Whoever scans the Internet for research is left alone",
        arguments: [
            "Censys IP Ranges Used for Scanning", "Shodan IP-Ranges, pot. used for Scanning",
            "Rapid7 IP Ranges Used for Scanning", "Research scanner IP Ranges Used for Scanning",
            "Shadowserver IP-Ranges, pot. used for Scanning", "List of known Tenable Cloud Sensors IPv4",
            "List of published IP address ranges for Modat Scanner",
            "List of known IP address ranges for Palo Alto Networks Cortex Xpanse",
        ])
    func ignore(name: String) {
        #expect(policy.treatment(of: name) == .ignore)
    }
}
