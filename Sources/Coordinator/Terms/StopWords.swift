/// Words too common in English to tell what a text is about.
enum StopWords {
    static let english: [String] = """
        a about above across after afterwards again against ago all almost alone along already also although
        always am among amongst an and another any anybody anyone anything anyway anywhere are aren around as
        aside at away back be became because become becomes been before beforehand behind being below beside
        besides between beyond both but by came can cannot cant come comes could couldn did didn do does doesn
        doing don done down during each either else elsewhere enough etc even ever every everybody everyone
        everything everywhere except few first for former from further gave get gets getting give given gives
        giving go goes going gone got had hadn happen happens hardly has hasn have haven having he hence her
        here hers herself him himself his how however if in indeed inside instead into is isn it its itself
        just keep keeps kept knew know known knows last lately later latter least less let lets like likely
        little ll made mainly make makes making many may maybe me mean means meanwhile might mine more
        moreover most mostly much must my myself namely near nearly neither never nevertheless next no nobody
        none nor not nothing now nowhere of off often oh ok on once one ones only onto or other others
        otherwise ought our ours ourselves out outside over own per perhaps please put puts quite rather re
        really said same saw say saying says second see seem seemed seeming seems seen several shall she
        should shouldn since so some somebody somehow someone something sometimes somewhere soon still such
        take taken takes taking than that the their theirs them themselves then thence there thereafter
        thereby therefore these they thing things this those though three through throughout thus till to
        together too took toward towards two under unless unlike until up upon us use used uses using usually
        ve very via was wasn way we well went were weren what whatever when whence whenever where whereas
        wherever whether which while whither who whoever whole whom whose why will with within without won
        would wouldn yes yet you your yours yourself yourselves
        """.split { $0 == " " || $0 == "\n" }.map(String.init)
}
