import Testing

@testable import VisionData

@Suite struct JSONReaderTests {
  private func skip(_ text: String) throws(DatasetError) {
    var json = JSONReader(Array(text.utf8), place: "a.json")
    try json.skip()
    try json.finish()
  }

  private func isRefused(_ text: String) -> Bool {
    do {
      try skip(text)
      return false
    } catch { return error.kind == .annotations }
  }

  @Test func valuesAreRead() throws {
    let text = #"{"a": [1, -2.5e1, "x\n\u00e9\ud83d\ude00"], "b": {"c": true, "d": null}, "e": 0}"#
    var json = JSONReader(Array(text.utf8), place: "")
    try json.enterObject()
    #expect(try json.nextKey() == "a")
    try json.enterArray()
    #expect(try json.nextElement())
    #expect(try json.number() == 1)
    #expect(try json.nextElement())
    #expect(try json.number() == -25)
    #expect(try json.nextElement())
    #expect(try json.string() == "x\né😀")
    #expect(try !json.nextElement())
    #expect(try json.nextKey() == "b")
    try json.skip()
    #expect(try json.nextKey() == "e")
    #expect(try json.identifier() == "0")
    #expect(try json.nextKey() == nil)
    try json.finish()
  }

  @Test func whatIsNoJSONIsRefused() throws {
    try skip("[]")
    try skip("\u{feff} {} ")
    for text in [
      "", "[", "[1,]", "[1 2]", "{\"a\" 1}", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "[NaN]", "[Infinity]",
      "[-Infinity]", "[1e999]", "[0x10]", "\"a", "\"\\q\"", "\"\\u12\"", "\"\\ud800\"", "nul", "tru", "[] []",
      "'a'", "[\"\u{1}\"]", "{a:1}",
    ] {
      #expect(isRefused(text), "\(text)")
    }
    #expect(isRefused(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)))
    try skip(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
  }

  @Test func errorsNameTheLine() {
    do {
      try skip("{\n\"a\": 1,\n\"b\": NaN}")
      Issue.record("no error")
    } catch {
      #expect(error.place == "a.json, line 3")
      #expect(error.message == "a number is not finite")
    }
  }
}
