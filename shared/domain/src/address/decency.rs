//! Nothing rude in any address, and nothing about peoples and faiths: no word by itself, and no two or three that read
//! so across their hyphens.

use super::words::LISTS;

/// In no word, and not across a hyphen.
const NEVER: &str = "allah anus bastard bitch blowjob bollock bomb bondage boob brothel bugger bullet butt cancer \
     cannabis chink christ clitor cocaine cock condom corpse cunt damn dick dildo dyke ejacul enema erotic fagg \
     fart fetish fuck genital gestapo gook grenade gypsy handjob heroin herpes hindu hitler homosex hooker horny \
     incest jesus jewish jihad jizz kike kinky labia lesbi lynch masturb missile molest murder muslim naked nazi \
     negro nigg nude nympho opium orgasm orgy penis pimp piss pistol poop porn prostit pube pubic pussy rapist \
     rectum retard rifle scrot shit slut spaz sperm stalin stripper suicid tampon terror testic tits titty \
     tranny tumor turd twat urine vagin virgin vulva wank whore";

/// In no word; across a hyphen nobody reads them.
const NEVER_IN_A_WORD: &str = "dead demon devil feces hymen kill queer satan vomit";

/// Not across a hyphen; inside innocent words (grape, cocoon, title) they are not seen.
const NEVER_ACROSS: &str = "coon crap cum fag fuk gay homo jap jew kkk nig poo rape semen sex skank spic tit wog";

/// Not a word by itself.
const NEVER_A_WORD: &str = "arab arse ass balls bible bomb boner bum church crap cripple cum dead die drug dutch \
     fag fascist fat gay god gun hell hump jew kill knob lame lick moist mosque nazi nuts pee plague poo pope \
     rape retard screw sex sexy shag slave stupid suck thrust tits turk ugly virus war weed";

fn list(words: &'static str) -> impl Iterator<Item = &'static str> + Clone {
    words.split_whitespace()
}

#[test]
fn no_word_is_rude() {
    for word in LISTS.iter().flatten() {
        let inside = list(NEVER).chain(list(NEVER_IN_A_WORD)).find(|stem| word.contains(stem));
        assert_eq!(inside, None, "{word}");
        assert!(!list(NEVER_A_WORD).chain(list(NEVER_ACROSS)).any(|rude| rude == *word), "{word}");
    }
}

/// Whether some word of `left` and some word of `right` contain `stem` when they are joined, cut at `at`.
fn meet(left: &[&str], right: &[&str], stem: &str, at: usize) -> Option<String> {
    let (end, beginning) = stem.split_at(at);
    let before = left.iter().find(|word| word.ends_with(end))?;
    let after = right.iter().find(|word| word.starts_with(beginning))?;
    Some(format!("{before}-{after}: {stem}"))
}

#[test]
fn no_two_words_that_can_meet_are_rude_together() {
    for stem in list(NEVER).chain(list(NEVER_ACROSS)) {
        for at in 1..stem.len() {
            assert_eq!(meet(&LISTS[0], &LISTS[1], stem, at), None);
            assert_eq!(meet(&LISTS[1], &LISTS[2], stem, at), None);
        }
    }
}

#[test]
fn no_three_words_are_rude_together() {
    for stem in list(NEVER).chain(list(NEVER_ACROSS)) {
        for middle in LISTS[1].iter().filter(|middle| stem.len() >= middle.len() + 2) {
            for (at, _) in stem.match_indices(middle).filter(|(at, _)| *at > 0 && at + middle.len() < stem.len()) {
                let before = LISTS[0].iter().find(|word| word.ends_with(&stem[..at]));
                let after = LISTS[2].iter().find(|word| word.starts_with(&stem[at + middle.len()..]));
                assert!(before.is_none() || after.is_none(), "{before:?}-{middle}-{after:?}: {stem}");
            }
        }
    }
}
