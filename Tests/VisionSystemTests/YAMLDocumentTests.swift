import Testing
import VisionSystem

/// Texts read by libyaml.
@Suite struct YAMLDocumentTests {
  /// The text of a node as JSON would write it, texts in quotation marks when they were in some.
  private func text(_ document: YAMLDocument, _ number: Int = 0) -> String {
    switch document.nodes[number].content {
    case .scalar(let text, let isPlain): isPlain ? text : "'\(text)'"
    case .sequence(let items): "[" + items.map { self.text(document, $0) }.joined(separator: ",") + "]"
    case .mapping(let pairs):
      "{"
        + pairs.map { "\(self.text(document, $0.key)):\(self.text(document, $0.value))" }.joined(
          separator: ",")
        + "}"
    }
  }

  @Test(arguments: [
    ("a: 1", "{a:1}"), ("a: '1'\nb: \"x\\ty\"", "{a:'1',b:'x\ty'}"), ("- a\n- [b, {c: d}]", "[a,[b,{c:d}]]"),
    ("a: |\n  x\n  y\n", "{a:'x\ny\n'}"), ("a:\nb: ~", "{a:,b:~}"), ("größe: ü", "{größe:ü}"),
    ("a: &x [1]\nb: *x", "{a:[1],b:[1]}"), ("? [a]\n: b", "{[a]:b}"),
  ])
  func readsWhatIsThere(_ yaml: String, _ expected: String) throws {
    #expect(text(try YAMLDocument(yaml)) == expected)
  }

  @Test func emptyTextsHaveNoRoot() throws {
    #expect(try YAMLDocument("").root == nil)
    #expect(try YAMLDocument("# a remark\n").root == nil)
    #expect(try YAMLDocument("~").root?.isNull == true)
    #expect(try YAMLDocument("'~'").root?.isNull == false)
  }

  @Test func linesAreCounted() throws {
    let document = try YAMLDocument("# first\na: 1\n\nb:\n  - c\n")
    let lines = document.nodes.map(\.line)
    #expect(document.root?.line == 2)
    #expect(Set(lines) == [2, 4, 5])
  }

  @Test(arguments: [
    ("a: }", 1), ("a: b: c", 1), ("x: 1\n\ty: 2", 2), ("a: *b", 1), ("a: 1\n---\nb: 2", 3),
  ])
  func whatIsNoneIsRefusedWithItsLine(_ yaml: String, _ line: Int) throws {
    let failure = #expect(throws: YAMLDocument.Failure.self) { try YAMLDocument(yaml) }
    #expect(failure?.line == line, "\(failure?.problem ?? "")")
    #expect(failure?.problem.isEmpty == false)
  }

  /// Nine aliases of ten each: as a tree it would have 10^9 words.
  @Test func aliasesAreNodesOnce() throws {
    var yaml = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...8 {
      yaml +=
        "- &a\(level) [" + [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
    }
    #expect(try YAMLDocument(yaml).nodes.count == 20)
  }
}
