import Testing

@testable import VisionData

@Suite struct XMLReaderTests {
  private func events(_ bytes: [UInt8]) throws(DatasetError) -> [XMLReader.Event] {
    var xml = try XMLReader(bytes, place: "a.xml")
    var events: [XMLReader.Event] = []
    while let event = try xml.next() { events.append(event) }
    return events
  }

  private func isRefused(_ text: String) -> Bool {
    do {
      _ = try events(Array(text.utf8))
      return false
    } catch { return error.kind == .annotations }
  }

  @Test func elementsAttributesAndTextAreRead() throws {
    let text = """
      <?xml version="1.0" encoding="utf-8"?>
      <!-- a <comment> -->
      <a x="1 &lt; 2" y='"'>one &amp; &#x74;wo<b/><![CDATA[<raw>]]></a>
      """
    let wanted: [XMLReader.Event] = [
      .start("a", [.init(name: "x", value: "1 < 2"), .init(name: "y", value: "\"")]), .text("one & two"),
      .start("b", []), .end("b"), .text("<raw>"), .end("a"),
    ]
    #expect(try events(Array(text.utf8)) == wanted)
    for isBig in [true, false] {
      let units = ("\u{feff}" + text).utf16.flatMap { unit -> [UInt8] in
        let pair = [UInt8(unit >> 8), UInt8(unit & 255)]
        return isBig ? pair : pair.reversed()
      }
      #expect(try events(units) == wanted)
    }
  }

  @Test func whatIsNotWellFormedIsRefused() {
    for text in [
      "", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a x=1/>", "<a x/>", "<a x=\"1\" x=\"2\"/>",
      "<a x=\"1\"y=\"2\"/>", "<a x=\"<\"/>", "<1/>", "<a>&nbsp;</a>", "<a>&#0;</a>", "<a>&</a>", "<!-- <a/>",
      "<a><![CDATA[</a>", "<a/>text", "<a", "<a x=\"", "<a>\u{0}</a>",
      "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
    ] {
      #expect(isRefused(text), "\(text)")
    }
    let deep = String(repeating: "<a>", count: 65) + String(repeating: "</a>", count: 65)
    #expect(isRefused(deep))
    let many = (0..<65).map { " a\($0)=\"\"" }.joined()
    #expect(isRefused("<a\(many)/>"))
  }

  @Test func errorsNameTheLine() {
    do {
      _ = try events(Array("<a>\n<b>\n</a>".utf8))
      Issue.record("no error")
    } catch {
      #expect(error.place == "a.xml, line 3")
    }
  }
}
