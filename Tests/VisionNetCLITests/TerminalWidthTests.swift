import Testing

@testable import VisionNetCLI

@Suite struct TerminalWidthTests {
  @Test func columnsGoBeforeWhatTheTerminalReports() {
    #expect(Terminal.width(columns: "100", reported: 80) == 100)
    #expect(Terminal.width(columns: nil, reported: 80) == 80)
    #expect(Terminal.width(columns: "wide", reported: 80) == 80)
    #expect(Terminal.width(columns: nil, reported: nil) == nil)
    // Some terminals say that they have no columns.
    #expect(Terminal.width(columns: nil, reported: 0) == nil)
    #expect(Terminal.width(columns: "0", reported: 80) == nil)
  }

  @Test func textKeepsItsBeginning() {
    #expect(ShortText.cut("golden retriever", to: 16) == "golden retriever")
    #expect(ShortText.cut("golden retriever", to: 10) == "golden re…")
    #expect(ShortText.cut("golden", to: 1) == "…")
    #expect(ShortText.cut("golden", to: 0) == "")
  }

  @Test(arguments: 0...40) func aPathIsNeverWiderThanItMay(width: Int) {
    let path = "photos/of/many/dogs/and/cats/a.png"
    let short = ShortText.path(path, to: width)
    #expect(short.count == min(path.count, width))
    #expect(width < 9 || short.hasSuffix(".png") && short.hasPrefix("ph"))
  }

  @Test func aPathKeepsItsName() {
    #expect(ShortText.path("photos/of/many/dogs/and/cats/a.png", to: 20) == "photos…nd/cats/a.png")
    #expect(ShortText.path("folder/a-name.png", to: 15) == "fol…/a-name.png")
  }

  @Test func theWidestColumnOfATableIsCut() {
    let rows = [
      ["name", "what it is", "count"], ["beagles", "a dog that is very long and has ears", "12"],
      ["photos/of/all/cats", "cat", "1"],
    ]
    #expect(
      TextTable.text(rows, numbers: [2], width: 40) == """
        name             what it is        count
        beagles          a dog that is v…     12
        phot…f/all/cats  cat                   1
        """)
    let narrow = TextTable.text(rows, numbers: [2], width: 20)
    #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 20 })
    // Without a width, as in a pipe, all is whole.
    #expect(TextTable.text(rows, numbers: [2]).contains("a dog that is very long and has ears"))
  }
}
