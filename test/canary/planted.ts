/** Invented texts of everything that names a person or tells of a treatment. Nobody is meant by any of them. */
export const PLANTED = {
  names: [
    'Wilhelmina Quackenbush',
    'Bartholomew Zuckerwald',
    'Ottilie Grünwaldstein',
    'Xanthippe O"Dhuibhghaill',
    'Mx. Peregrine Thistlewick',
    'Ignatius Vandersloot-Pym',
    'Святополк Заболоцкий',
    'Philomena\\Abernathy',
  ],
  phones: ['+1 (212) 555-0147', '415-555-0199', '+49 30 901820 4711', '020 7946 0958', '(03) 5550 6677'],
  mails: [
    'w.quackenbush@example.org',
    'zuckerwald+rx@example.com',
    'peregrine_t@example.net',
    'ignatius@clinic.example',
  ],
  drugs: [
    'Zorvaxilumab 40 mg tablet',
    'Krellbutidine XR 300',
    'Phentorazepam 2.5 mg/mL',
    'Quillofenac forte',
    'Immudextrosal 75 µg',
    'lisinoprilide HCl',
  ],
  addresses: [
    '12 Thistlewick Lane, Springfield 62704',
    'Hauptstraße 117b, 10827 Berlin',
    'Ward 7B, bed 14, St. Mungo',
    'PO Box 99812, Anchorage AK',
  ],
  reasons: [
    'fainted twice after the evening dose',
    'relapse; psychiatrist was told on Monday',
    'pregnant, 14th week, stopped by herself',
    'HIV viral load undetectable since spring',
  ],
  /** In the form of ids that callers choose. */
  ids: [
    'quackenbush-wilhelmina-1931',
    'MRN-00482913-QX',
    'med-zorvaxilumab-40mg',
    'caregiver-zuckerwald-b',
    'nurse_vandersloot_912-55-8841',
  ],
  /** In the form of codes that a deployer chooses, and of paths. */
  codes: ['pager_of_dr_abernathy', 'line_busy_212_555_0147', 'thistlewick-household', 'ward-7b-oncology'],
} as const;

export const ALL_PLANTED: readonly string[] = Object.values(PLANTED).flat();
