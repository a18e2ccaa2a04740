import Testing
import VisionSystem
import VisionImage
import VisionTestSupport

@testable import VisionData

@Suite struct DelimitedTextTests {
  private func records(_ text: String, _ separator: String = ",", trims: Bool = true) throws
    -> [DelimitedText.Record]
  {
    let byte = try #require(separator.utf8.first)
    return try DelimitedText(Array(text.utf8), separator: byte, place: "t", trims: trims).records
  }

  private func fields(_ text: String, _ separator: String = ",", trims: Bool = true) throws -> [[String]] {
    try records(text, separator, trims: trims).map(\.fields)
  }

  private func place(_ text: String) -> String? {
    do {
      _ = try records(text)
      return nil
    } catch { return (error as? DatasetError)?.place }
  }

  @Test func fieldsAreThoseOfTheStandard() throws {
    #expect(try fields("a,b\r\nc,\"d,\"\"e\"\"\"\r\n") == [["a", "b"], ["c", "d,\"e\""]])
    #expect(try fields("a,\"b\nc\",d") == [["a", "b\nc", "d"]])
    #expect(try fields(",\n") == [["", ""]])
    #expect(try fields("a;b,c\td|e", ";") == [["a", "b,c\td|e"]])
    #expect(try fields("a\tb c\n", "\t") == [["a", "b c"]])
    #expect(try fields("5\" nail,x") == [["5\" nail", "x"]])
  }

  @Test func blanksCountInQuotationMarksOnly() throws {
    #expect(try fields(" a ,\t\"b \" ,  c\u{a0}\n") == [["a", "b ", "c"]])
    #expect(try fields("\u{a0}\"a\"\u{a0}, ") == [["a", ""]])
    #expect(try fields(" a , \"b\"", trims: false) == [[" a ", " \"b\""]])
    #expect(try fields(" \t a\t b\t", "\t") == [["", "a", "b", ""]])
  }

  @Test func everyEndOfLineCountsOnce() throws {
    for end in ["\n", "\r\n", "\r"] {
      let found = try records("a,b\(end)\(end)\"c\(end)d\",e\(end)f,g")
      #expect(found.map(\.line) == [1, 3, 5])
      #expect(found.map(\.fields) == [["a", "b"], ["c\(end)d", "e"], ["f", "g"]])
    }
    #expect(try fields("\n \n\r\n") == [])
    #expect(try fields("\"\"\n") == [[""]])
  }

  @Test func errorsNameTheLine() {
    #expect(place("a,b\nc,\"d\ne,f\n") == "t, line 2")
    #expect(place("a,b\n\"c\"d,e\n") == "t, line 2")
    #expect(place("\"a\nb\"c") == "t, line 2")
  }

  @Test func whatIsWrittenInQuotationMarksIsReadBack() throws {
    let rows = [["", " a", "\"", "b\r\nc"], ["é", ",;|\t", "\u{feff}", "d\""]]
    let text = rows.map { row in
      row.map {
        "\"\($0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
      }
      .joined(separator: ";")
    }.joined(separator: "\n")
    #expect(try fields(text, ";") == rows)
  }
}
