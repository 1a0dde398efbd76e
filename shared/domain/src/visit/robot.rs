//! Programs that look at every address by themselves: for them nothing wakes.

/// Parts of names under which such programs introduce themselves, in lower case.
const NAMES: &[&str] = &[
    "crawler",
    "spider",
    "slurp",
    "facebookexternalhit",
    "whatsapp/",
    "kube-probe",
    "elb-healthchecker",
    "googlehc",
    "google-read-aloud",
    "uptime-kuma",
    "better uptime",
    "pingdom",
    "statuscake",
    "site24x7",
    "checkly",
    "blackbox-exporter",
    "lighthouse",
    "masscan",
    "zgrab",
    "censys",
    "nmap scripting engine",
    "expanse",
];

/// `Googlebot/2.1`, `AhrefsBot;`, `UptimeRobot/2.0`, `Slackbot-LinkExpanding`.
const BOT: &str = "bot";
/// Telephones of this make say so.
const NO_BOT: &str = "cubot";

/// Whether a `User-Agent` is a robot's, as far as it says so.
#[must_use]
pub(super) fn is_robot(user_agent: &str) -> bool {
    let name = user_agent.to_ascii_lowercase();
    NAMES.iter().any(|known| name.contains(known)) || has_word_ending_in_bot(&name)
}

fn has_word_ending_in_bot(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| word.ends_with(BOT) && word != NO_BOT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn robots_say_what_they_are() {
        for agent in [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; AhrefsBot; +http://ahrefs.com/robot/)",
            "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "facebookexternalhit/1.1",
            "kube-probe/1.36",
            "ELB-HealthChecker/2.0",
        ] {
            assert!(is_robot(agent), "{agent}");
        }
    }

    #[test]
    fn people_and_their_programs_are_no_robots() {
        for agent in [
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
            "curl/8.10.1",
            "python-requests/2.32",
            "Abbott Laboratories client",
            "",
        ] {
            assert!(!is_robot(agent), "{agent}");
        }
    }
}
