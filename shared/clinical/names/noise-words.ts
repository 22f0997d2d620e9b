const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/u).filter(Boolean));

/** Dosage forms, devices, routes, release and counting words: they say how a drug is given, never which one it is. */
export const FORM_WORDS = words(`
  tablet tablets tab tabs capsule capsules cap caps caplet caplets gelcap gelcaps softgel softgels solution soln
  suspension susp syrup elixir liquid drops drop cream ointment oint gel lotion foam patch patches film films strip
  strips lozenge lozenges troche powder granule granules granules injection injectable inj vial vials ampule ampules
  ampoule pen pens syringe syringes prefilled autoinjector auto-injector cartridge spray inhaler inhalation aerosol
  hfa diskus respimat handihaler ellipta turbuhaler flexhaler respiclick flexpen kwikpen solostar flextouch sureclick
  pushtronex metered dose nebulizer nebuliser suppository suppositories enema implant pellet pellets shampoo chewable
  disintegrating orally odt dispersible effervescent sprinkle concentrate emulsion irrigation
  oral topical transdermal sublingual buccal intravenous intramuscular subcutaneous subcutaneously ophthalmic otic nasal
  rectal vaginal inhaled parenteral po iv im sc subq sq sl pr
  extended delayed immediate sustained controlled modified prolonged release er xr sr cr dr ir la xl ec enteric coated
  film-coated enteric-coated extended-release delayed-release immediate-release sustained-release controlled-release
  system gum chewing toothpaste soap pad pads medicated gas wash swab swabs drug porcine for extra maximum max regular
  children children's childrens infants infants' pediatric paediatric junior adult
  usp nf bp generic brand otc rx strength ds single double
  micronized micronised nanocrystallized flush pak x pack count unit units kit intensol sprinkles dosepak eye ear
  liposomal lyophilized emollient copackaged co-packaged men women inhalant mouthwash paste stick towelette
  daily once twice bid tid qid qd qhs qam qpm prn weekly nightly bedtime morning evening day days every as needed at
  hour hours hr hrs h per each
  p.o b.i.d t.i.d q.i.d q.d o.d t.d.s q.d.s q.h.s q.o.d p.r.n h.s i.v i.m s.c s.l
  od tds qds mane nocte monthly mr m/r e/c f/c gastro-resistant modified-release prolonged-release orodispersible
  dissolvable soluble hard filmtab filmtabs gummies gummy pessary pessaries viscous neb nebs beads perles kapseals infatabs
  evohaler accuhaler autohaler easyhaler spiromax nexthaler turbohaler twisthaler redihaler aerosphere breezhaler neohaler
  pressair penfill respules
`);

/**
 * Counter-ions, esters and hydrates that end a name without changing which drug it is. Never stripped when nothing but
 * a mineral would be left, nor in pairs that are a substance of their own (see `stripSalts`).
 */
export const SALT_WORDS = words(`
  hydrochloride hcl dihydrochloride monohydrochloride hydrobromide hbr sodium disodium monosodium trisodium potassium
  dipotassium calcium magnesium zinc sulfate sulphate bisulfate hemisulfate mesylate mesilate dimesylate besylate besilate
  tosylate ditosylate tosilate maleate fumarate hemifumarate tartrate bitartrate succinate hemisuccinate citrate acetate
  diacetate phosphate diphosphate nitrate lactate gluconate chloride bromide methylbromide iodide carbonate pamoate
  embonate palmitate stearate valerate cypionate enanthate decanoate undecanoate propionate dipropionate furoate
  acetonide xinafoate trifenatate oxalate malate s-malate hippurate mandelate edisylate napsylate estolate
  ethylsuccinate lactobionate meglumine tromethamine trometamol olamine diolamine lysine arginine erbumine medoxomil
  kamedoxomil cilexetil axetil proxetil pivoxil disoproxil alafenamide marboxil etexilate mofetil dipivoxil
  monohydrate dihydrate trihydrate tetrahydrate hemihydrate hemipentahydrate sesquihydrate heptahydrate pentahydrate
  anhydrous hydrate isethionate camsylate polistirex resinate benzoate hyclate saccharate aspartate sulfonate caproate
  cyclohexanepropionate carbamate axetil teoclate esylate lauroxil hemihydrate hydrogen salt ethanolate
  hydrochlorides sulfates sulphates phosphates tart succ sod pot
`);

/** Substances whose "salt word" is the drug. What is left after stripping may never be one of these alone. */
export const MINERALS = words(`
  lithium potassium calcium iron ferrous ferric magnesium sodium zinc aluminum aluminium bismuth copper cupric ammonium
  choline hydrogen barium silver gold chromium chromic selenium manganese iodine fluoride strontium
`);

/** Cations and the inorganic partners with which they are a drug of their own when both end a name. */
export const CATIONS = words(
  'lithium potassium calcium iron ferrous ferric magnesium sodium zinc aluminum aluminium',
);
export const INORGANIC_ANIONS = words(
  'carbonate bicarbonate chloride phosphate sulfate sulphate citrate gluconate acetate lactate iodide hydroxide oxide',
);
/** What a mineral salt of which is the mineral's: `acetic acid, calcium salt` is calcium acetate, not acetic acid. */
export const SIMPLE_ACIDS: ReadonlySet<string> = new Set(
  [
    'acetic',
    'boric',
    'carbonic',
    'citric',
    'gluconic',
    'hydrochloric',
    'lactic',
    'nitric',
    'phosphoric',
    'sulfuric',
  ].map((name) => `${name} acid`),
);
