"""Words of names: given names common in Great Britain, and capitalised words that begin no name."""

from __future__ import annotations

GIVEN_NAMES = frozenset(
    """
    aaliyah aaron abbas abbie abdul abdullah abena abigail abu adam adeel adele adewale adrian
    agnes agnieszka ahmad ahmed ahmet aidan aileen aimee aine ainsley aisha aishah aisling ajay
    akash akua alan alana alasdair alastair albert alec aled aleksander alex alexander alexandra
    alfie alfred ali alice alicia alina alisha alison alistair allan allison alun alyssa amanda
    amandeep amarjit amelia amina amir amit amy ana anand anastasia andrea andreas andrei andrew
    andrzej andy aneta angela angelina angharad angus anil anisha anita anjali ann anna annabel
    anne annette annie anthony antoni antonia antonio anya aoife aria arif arjun arlene arnold
    arthur arturo asad asha ashley ashraf asif astrid audrey ava ayaan ayesha ayodele ayse
    babajide baljit balwinder barbara barnaby barry bartosz beata beatrice becky belinda ben
    benedict benjamin bernadette bernard bernice bertha beryl bethan bethany betty beverley
    bhavna bilal billy bogdan boris brandon brenda brendan brett brian bridget brigitte bronwyn
    bruce bryan bryony caitlin callum calum cameron camilla caoimhe cara carina carl carla
    carlos carly carmen carol carole caroline carolyn carys catalin cathal catherine cathy
    catriona cecilia cedric celia ceri charlene charles charlie charlotte chelsey cheryl chiara
    chidi chinedu chloe chris chrissie christina christine christopher chukwu ciara ciaran
    cillian claire clara clare clarissa claude claudia clive colette colin colleen colm connor
    conor corinne cormac courtney craig cynthia dafydd daisuke damian damien dan dana daniel
    daniela danielle danny daphne darius darren dave david davide dawid dawood debbie deborah
    debra declan deepak deepika deirdre delia delroy denise dennis derek desmond devi dewi diana
    diane dianne dilys dimitri dinesh dionne dmitri dominic dominik dominika donal donald donna
    doreen doris dorota dorothy douglas duncan dylan eamon eddie edith edmund eduardo edward
    edwin edyta eileen eilidh elaine eleanor elena eliza elizabeth ella ellen ellie elliot
    elliott ellis eloise elsie eluned emeka emil emilia emily emma emmanuel emyr eoin eric erica
    erik erin ernest esi esther ethan ethel eugene eunice eva evan evelyn ewa ewan ewelina fabio
    faisal farah farhan farida fatima felicity felix fergus fernando finlay finn fiona fionnuala
    flora folake fran frances francesca francesco francis francisco fraser freddie frederick
    freya gabriel gabriela gabrielle gail gareth garry gary gaurav gavin gayle gemma geoff
    geoffrey george georgina geraint gerald geraldine gerard gerry gertrude gethin ghulam
    gillian gina giovanni giulia giuseppe gladys glenda glenys gloria gordon gosia graeme graham
    grainne gregor gregory greta gruffydd grzegorz gurdeep gurmeet gurpreet gwen gwendolyn
    gwyneth habib hamish hamza hannah hans hardeep hari haris harjit harminder harold harpreet
    harriet harrison harry harvey hasan hassan hayley heidi helen helena helga henrietta henry
    herbert hilary hilda hiroshi hoang howard hubert hugh hugo hussain hussein huw hywel iain
    ian ibrahim ieuan ifan ifeoma igor imogen imran imtiaz ines ingrid ioan iolo iona iqbal
    irena irene isaac isabel isabella isabelle isla ismail isobel ivan iwan iwona jacek jackie
    jacob jacqueline jacqui jaime jake jakub jamal james jamie jamila jane janet janice janine
    janusz jasmin jasmine jason jaspreet javed javier jayden jayne jean jeanette jed jeff
    jeffrey jemima jennie jennifer jenny jeremy jerome jerry jess jesse jessica jessie jill jim
    jimmy joan joanna joanne jocelyn jodie joe joel johan johannes john johnny jolanta jon jonah
    jonathan jorge jose joseph josephine joshua joyce juan juanita judith judy julia julian
    juliana julie julien juliette kai kaitlyn kamal kamil karen karim karin karl karolina kasia
    katarzyna kate katharine katherine kathleen kathryn kathy katie katrina katy kavita kayleigh
    keira keith kelly kelsey kenneth kenny kerry kevin khadija khalid kieran kimberley kiran
    kirsten kirsty klaus kofi krishna kristian kristina krystyna krzysztof kuldeep kulwinder
    kumar kwabena kwame kyle lachlan lakshmi lara lars latoya laura lauren laurence lawrence
    leah leanne lech leigh leila lena leo leon leonard lesley leslie lewis liam libby lilian
    lillian linda lindsay lindsey linh linus lisa liz llewellyn llinos lloyd logan lois lola
    loretta lorna lorraine louis louisa louise lowri luca lucas lucia lucinda lucy luis lukasz
    luke lydia lyn lynda lynn lynne lynsey mabel maciej madeleine maeve magdalena maggie mahmood
    mahmoud mair maire maisie malcolm malgorzata mandeep mandy manish manjit manpreet manuel
    marc marcel marcia marcin marcus marek margaret margery maria mariam marian marianne marie
    marilyn mario marion marissa marius mariusz marjorie marlene martha martin martyn mary
    maryam mateusz matilda matt matteo matthew maureen maurice maxine maya megan mehmet mei
    meirion melanie melissa meredith mervyn mhairi mia michael michaela michal micheal michele
    michelle mick miguel mihai mike mikhail mildred millie milly mira miranda miriam mitchell
    moeen mohamed mohammad mohammed mohsin moira molly mona monica monika morag morgan morven
    moses muhammad muriel murray musa mustafa myfanwy myra nabil nadeem nadia nadine nana nancy
    naomi narinder naseem nasreen natalia natalie natasha nathan nathaniel navdeep naveed nazir
    neha neil nerys ngozi nguyen nia niall niamh nicholas nicky nicola nicole nigel nikhil
    nikita nikki nina nisha nkechi noah nora noreen norma norman nuala obinna octavia odette
    oisin ola olena olga oliver olivia olu oluwadamilare oluwaseun omar orla osama osman oswald
    owen padraig pam pamela parminder parveen patel patricia patrick patrycja paul paula paulina
    pauline pawel pedro peggy percy perry pete peter petra phil philip philippa phillip
    philomena phoebe phyllis pierre piotr pippa polly pooja pradeep prakash preeti priscilla
    priya przemyslaw rachael rachel radoslaw rafael rafal rafiq rahul raj rajesh rajinder rakesh
    ralph ramesh ramona ranjit rashid raul ravi ravinder raymond rebecca reece reginald rehana
    renata renee reuben rhiain rhian rhiannon rhodri rhona rhys ricardo richard rick ricky rita
    robbie robert roberta roberto roderick rodney roger rohan roisin roland ronald ronan rory
    rosa rosalind rosanna roseanne rosie ross rowena roxanne roy ruairi rubina rukhsana rupert
    russell ruth ryan ryszard sabina sabrina sadia saeed saffron saima sajid saleem salim sally
    salma salman sam samantha sameer samina samir samuel sandeep sandra sandy sanjay santosh
    saoirse sara sarah sasha satnam seamus sean sebastian selina serena sergei sergio shabana
    shabir shabnam shahid shakil shamim shane shannon sharon shaun shauna shazia sheena sheila
    shelley sheridan sherry shirley shivani shona shreya sian siddharth sidney sienna silvia
    simon simone sinead siobhan slawomir sofia sohail sonia sonya sophia sophie spencer stacey
    stan stanislav stanislaw stanley stefan steph stephanie stephen steve steven stewart struan
    stuart sukhdeep sukhwinder sunil sunita suresh surinder susan susanna susanne susie suzanne
    suzie sven svetlana sylvia sylwia tabitha tadeusz tadhg tahir taj tamara tamsin tania
    tanisha tanya tara tariq tatiana ted temi temitope terence teresa terry tess thelma theo
    theodore theresa thomas tiffany tim timothy tina tobias toby tom tomasz tommy tomos toni
    tony tracey tracy trevor tricia trish tristan trudy tunde uchenna ursula usha usman valerie
    vanessa varsha vasile vaughan vera verity vernon veronica vicky vijay vikram viktor vincent
    vivek vivian vivien vladimir waheed walter wanda waqas wayne wei wendy wesley wieslaw
    wilfred wilhelmina william willow winifred winston wojciech xavier xin yasir yasmin yasmine
    yetunde yolanda yousef youssef yuki yusuf yvette yvonne zac zach zachary zahra zainab zara
    zbigniew zeeshan zoe zofia zubair zulfiqar zuzanna
    """.split()
)
"""In lower case. What is another word, too, stands in `NAMES_AND_WORDS`."""

NAMES_AND_WORDS = frozenset(
    """
    abbey ace ada alexa alexis alma amber angel april archer archie art aurora austin autumn
    barney basil bay bella bernie bert bill blair blake bob bonnie brad bradley brent brook
    brooke bruno buddy carter casey chad chance charity chase chelsea cherry chester chloris
    christian chuck clay clement cliff clifford clifton colt constance cooper crystal dahlia
    daisy dale dallas dawn dean destiny devon dexter dick dina dixie dolly dominique don dot
    drew earl ebony eddy eden edna elle emerald ernie esme eve faith fern fleur florence ford
    francine frank frankie gale gay gene georgia gilbert ginger glen glenn grace grant guy
    hailey hank harmony harper hazel heath heather holly honey honor hope horace houston hunter
    ida india iris isis israel ivy jack jackson jade jan jasper jay jet jewel jo jordan josh joy
    jude julius june juno justice justin kay keeley kelvin ken kent kerr kim kit kitty lacey
    lana lance lee lily lincoln lorne lottie louie luna luther madison magnus major marina
    mark marlow marshal marshall mason maud max may melody mercedes mercy merle merlin miles
    milo mina minnie mo monty morris myrtle nan nell nelson neo neville newton nick noel norm
    nova olive opal oscar otto paige paris parker pascal pat patience patty pearl penelope
    penny piper poppy portia precious prince prudence quentin rain ray reed reg reggie rex rhoda
    rich rob robin rocky rod rodger roma roman romeo ron rose rosemary rowan ruby rudy
    rufus russ rusty sage sherwood sid sky skye sol sonny spike star stella sterling stirling
    stone storm sue summer sunny sutton sydney taylor teddy tilly todd trent trinity troy tyler
    tyrone val van vic victor victoria vince viola violet virginia vito wade wallace wally ward
    warren webster wells will winnie wren
    """.split()
)
"""Given names, in lower case, that are words, places or products as well."""

NOT_IN_A_NAME = frozenset(
    """
    a about above academy accepts account accuracy across activation address adds advice after
    again against agent airport alarm alarms alert alerts all almost along also always among an
    and another antenna any anyone app appears application archive are area areas arrives as
    asks asset assets association at august authority automatic avenue back balance band bands
    bank base basic battery be because been beeps before begins behind being below best between
    bill billing bills black blanks bleeps blue boards boost both box boxes bravo breaks bridge
    britain british broken broker build building bureau button buttons by bypass cable call
    called calls can canal cannot card case cases castle cathedral central centre certificate
    certificates change changes chapel charge charges charter chip church citizens city claims
    class clear clears clicks clock clocks close closed co coast code codes coil cold college
    colour comes coming command commands committee common communications company complete
    configuration confirms connected connection connects control controller controls corporation
    cost costs cottage could council counter counting counts county court cover coverage credit
    crescent current customer customers cycle daily dame data date day daylight days debt
    decimal deco delivery delta demand department desk detail details did digital direct
    disconnect display displayed displays distribution do docks documents does dollar done
    doubles down dr drive drops dual during each early east echo edition either electric
    electrical electricity element elements emergency enable end ends energy engine engineering
    engineers england english enough entry error errors estate european even evening event
    events every example exchange expects export face failed fails false family farm federal
    feed few field file files finance find finding finds firmware first fitting five fix fixed
    fixes flag flash flashes flat flexibility flow folder for form format foundation four
    foxtrot freezes friday from full function further gains garden gardens gas gateway gave gets
    gives go goes golf government great green grid group grove growth guide had half hall
    handbook handle hangs hardware has have he heard hears heat heater heating height held help
    her here high his hold holdings holds home hospital hot hotel hour hours house household how
    hub hubs hung i if image import in inc increase increments index indicator industries
    industry infirmary information inside install installation installations installer instead
    institute instructions instruments insurance integrated intelligence interface international
    into ireland irish is island isles issue issues it items its jams january july jumps
    junction just keeps key keypad keys kilo kingdom lady land landing lane large last late
    later latest launch law leak leaks leap leaves less letter level library licence light
    lights like lima limit limited limits line link list lists little live llp load local lock
    locks lodge log logged logs london long lord loses loss low ltd made mail main mains
    maintenance maker makes manager manual manufacturer many march market master maximum memory
    menu message messages meter metering meters metres mews midnight mill minimum minor minute
    minutes mirror miss missing mode model models module monday month monthly months more
    morning most motorway moves mr mrs ms museum must mx name names national near nearly network
    networks never new next night nine no nominal none noon normal north northern not note notes
    notice notices nouveau november now number numbers occurs october of off office officer
    offline often old on once one online only onto open operation operations operator or orange
    order other our out outage outages output outside over own pad page pairing panel paper
    parish park part partnership parts party past payment payments peak per period periods phase
    pin place plan plate plc plug plus pm point points policy poll port post pot power powergrid
    premises premium prepay prepayment present press pressure price prices prints prison
    procedure process product products professor profile program programme project protocol
    provides public pulse push quality quarter quebec question queue quick quiet radio raid rail
    railway range rate rates reach reached reaches reacts read reader reading readings reads
    reboot receipt record records recovers red refresh region register registers rejects relay
    release remains remote renewables repeats replies reply report reported reports request
    requests reset resets responds response restart restarts result results retail retries
    return returns right rise river road room royal rule run runs rush safety same saturday save
    saver says scale scan schedule school scotland scottish screen screens sea season second
    section secure security see seems seen sees select self sends sensor september sequence
    series serves service services session set sets setting settings seven several shall she
    should show showed shows shuts side sierra signal signals silent simple since single sir
    site sites six size skips sleeps slow small smart so socket software solar solo solutions
    some south southern special speed square stadium stalls stamp standard standards start
    starts state states station status stays step still stop stops storage store street strength
    string strong stuck sub such sunday supplier suppliers supply support surge surgery sweep
    switch switches system systems table tag tail takes tango tape tariff tariffs task team
    technical technology telecom tells temperature ten terminal terrace test testing tests text
    than that the theatre their them then there thermostat these they things third this those
    three threshold through thursday ticket time timer times tip title to today together tonne
    too took top total tower town track tracker trading transport trial tries trust tuesday turn
    turned turns twelve two type types under uniform unit united units university unknown until
    up update updated updates upgrade upgrades upon us usage use used user users using utilities
    utility valley value values variant variants version versions very via view village visit
    voltage volume wait waits wake wakes wales walls warm warning was watch water wave way we
    website wednesday week weekend weekly weeks welfare welsh were west western wharf what when
    where whether which while whiskey white who whole why wide wind window wing winter wire
    wireless with within without wood word words work worked working works world writes wrong
    wrote yankee yard year yearly years yellow yet you zero zone zulu
    """.split()
)
"""Capitalised words, in lower case, that a heading, a product or an organisation has for its own.
"""

FAMILY_NAMES_TOO = frozenset(
    """
    best black bridge castle church court cross day field ford green grove hall hill kent lane law
    little long march mill north page park power price reader small stone summer wells west white
    winter wood
    """.split()
)
"""Of these the ones that are believed to be a family name after a name that is no other word."""

OF_AN_ORGANISATION = frozenset(
    """
    academy associates association avenue bank centre college company council electric electrical
    energy engineering estate foundation gardens gas group hospital house institute instruments
    insurance limited ltd metering partnership plc power road school services solutions square
    station street supplies supply systems technologies terrace trust university utilities water
    """.split()
)
"""Words, in lower case, that make what looks like a name the name of a firm or a place."""
