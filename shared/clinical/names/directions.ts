const NUMBER_WORD = String.raw`(?:\d+(?:[.,/]\d+)?|half|one|two|three|four|five|six)`;
const PIECE =
  '(?:tab|tabs|tablet|tablets|cap|caps|capsule|capsules|caplet|caplets|gelcap|gelcaps|softgel|softgels|puff|puffs|spray|sprays|drop|drops|pill|pills|patch|patches)';
const PERIOD = '(?:day|daily|week|weekly|month|monthly|night|nightly|hour|hours|hr|hrs|h|days|weeks|months)';
const COMPLAINT =
  '(?:pain|fever|nausea|vomiting|anxiety|sleep|insomnia|headache|headaches|cough|itching|itch|allergies|heartburn|constipation|diarrhea)';

/** Phrases that tell how a drug is taken. Each is a phrase of its own: no single word of it may go alone. */
const PHRASES = [
  String.raw`(?:take|takes|taking|give|use|inhale|inject|apply)(?:\s+${NUMBER_WORD})?(?:\s+${PIECE})?(?:\s+of)?`,
  String.raw`q\s?\d{1,2}(?:\s?-\s?\d{1,2})?\s?(?:h|hr|hrs|hours|d|days|wk|weeks|min)`,
  String.raw`every\s+(?:other\s+${PERIOD}|(?:${NUMBER_WORD}(?:\s?(?:-|to)\s?\d{1,2})?\s+)?${PERIOD})`,
  String.raw`(?:once|twice|thrice|${NUMBER_WORD}\s?(?:x|times?))(?:\s+(?:a|per|each|every))?\s*/?\s*${PERIOD}`,
  String.raw`(?:\d{1,2}\s?/\s?day|(?:a|per|/)\s?day|x\s?/\s?day)`,
  String.raw`(?:1/2|half|one|two|three|four)\s+(?:a\s+)?${PIECE}`,
  String.raw`by\s+mouth|under\s+the\s+tongue|in\s+(?:the|each|both)\s+(?:morning|evening|afternoon|eyes?|ears?|nostrils?)`,
  String.raw`at\s+(?:night|night[- ]?time|bedtime|noon)|before\s+bed(?:time)?|before\s+sleep`,
  String.raw`(?:with|before|after|without)\s+(?:food|meals?|breakfast|lunch|dinner|water|milk)|on\s+an\s+empty\s+stomach`,
  String.raw`(?:prn|as\s+(?:needed|required|directed)|if\s+needed)(?:\s+(?:for\s+)?${COMPLAINT})?`,
  '(?:low|high|half|full|single|standard)[- ]dose',
  String.raw`(?:qty|quantity|disp|dispense)\s?[:#]?\s?\d{1,4}`,
  // For how long: before the number alone, which would leave `days` to the number in front of it.
  String.raw`x\s?\d{1,3}\s?(?:d|wks?|${PERIOD})`,
  // One digit may tell which product it is (`Tylenol #3`).
  String.raw`(?:#\s?|x\s?)\d{2,4}`,
];

const DIRECTION = new RegExp(String.raw`(?<![\p{L}\p{N}-])(?:${PHRASES.join('|')})(?![\p{L}\p{N}])`, 'gu');

/** Text without phrases that say how much, how often and when: they never tell which drug it is. */
export const stripDirections = (normalised: string): string => normalised.replace(DIRECTION, ' ');

/** What is counted behind a strength: `10 mg 2 tablets`. Without a strength before it a number may belong to the name. */
export const COUNTED_PIECES = String.raw`(?:\s*,?\s*(?:x\s*)?\d+(?:[-/]\d+)?\s*${PIECE}(?![\p{L}\p{N}]))?`;
