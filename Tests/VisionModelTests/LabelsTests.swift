import Foundation
import Testing

@testable import VisionModel

@Suite struct LabelsTests {
  private static let pets = ["cat", "dog, wild", "bird"]

  @Test func readsOneNameALine() throws {
    #expect(try Labels.parse("cat\ndog, wild\r\n  bird \n\n") == Self.pets)
    #expect(try Labels.parse("\u{FEFF}one") == ["one"])
    #expect(try Labels.parse("a: x\nb").count == 2)
    #expect(try Labels.parse("5 cent\n10 cent\n1 euro") == ["5 cent", "10 cent", "1 euro"])
    #expect(try Labels.parse("n01440764 tench\nn01443537 goldfish").first == "n01440764 tench")
  }

  @Test func readsIndicesInAnyOrder() throws {
    #expect(try Labels.parse("1\tdog\n0\tcat") == ["cat", "dog"])
    #expect(
      try Labels.parse("index,label\n0,\"great \"\"white\"\" shark\"\n1,a, b") == [
        "great \"white\" shark", "a, b",
      ])
    #expect(try Labels.parse("0\tn01440764\ttench\n1\tn01443537\tgoldfish") == ["tench", "goldfish"])
    #expect(try Labels.parse("0;cat\n1;dog") == ["cat", "dog"])
    #expect(try Labels.parse("1: dog\n0: cat") == ["cat", "dog"])
    #expect(try Labels.parse("1 dog\n0 cat fish") == ["cat fish", "dog"])
    #expect(try Labels.parse("name,id\ndog,1\ncat,0") == ["cat", "dog"])
    #expect(try Labels.parse("dog,1\ncat,0") == ["cat", "dog"])
  }

  @Test func readsUTF16() throws {
    let units = Array("0\tcät\n1\tdog".utf16)
    let little: [UInt8] = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big: [UInt8] = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    for bytes in [[0xFF, 0xFE] + little, [0xFE, 0xFF] + big, little, big] {
      #expect(try Labels.parse(bytes) == ["cät", "dog"])
    }
    #expect(formatError { _ = try Labels.parse([0x63, 0xE4, 0x74]) }?.kind == .corrupt)
  }

  @Test(
    arguments: [
      #"["cat", "dog, wild", "bird"]"#,
      #"{"id2label": {"1": "dog, wild", "0": "cat", "2": "bird"}, "label2id": {}}"#,
      #"{"0": "cat", "1": "dog, wild", "2": "bird"}"#, #"{"cat": 0, "bird": 2, "dog, wild": 1}"#,
      #"{"model_type": "vit", "label2id": {"bird": 2, "cat": 0, "dog, wild": 1}}"#,
      #"{"0": ["n1", "cat"], "1": ["n2", "dog, wild"], "2": ["n3", "bird"]}"#,
      #"[{"id": 2, "name": "bird"}, {"id": 0, "name": "cat"}, {"id": 1, "name": "dog, wild"}]"#,
      #"[{"name": "cat"}, {"name": "dog, wild"}, {"name": "bird"}]"#,
      #"{"images": [], "categories": [{"id": 90, "name": "bird"}, {"id": 1, "name": "cat"}, {"id": 7, "name": "dog, wild"}]}"#,
      #"{"names": ["cat", "dog, wild", "bird"], "nc": 3}"#,
      #"{"classes": {"Label": ["cat", "dog, wild", "bird"]}}"#,
      #"{"label_names": ["n1", "n2", "n3"], "label_descriptions": {"n3": "bird", "n1": "cat", "n2": "dog, wild"}}"#,
      #"{"class_to_idx": {"bird": 2, "cat": 0, "dog, wild": 1}}"#,
      "{0: 'cat',\n 1: 'dog, wild', 2: \"bird\",}", "['cat', 'dog, wild', 'bird']",
      "{'cat': 0, 'dog, wild': 1, 'bird': 2}",
      "names: [cat, 'dog, wild', \"bird\"]  # three",
      "nc: 3\nnames:\n  - cat\n  - dog, wild # no fox\n  - bird\npath: x",
      "# data\n\npath: ../x\nnames:\n  0: cat\n  1: \"dog, wild\"\n\n  2: 'bird'\ndownload: |\n  names: no\n",
      "names:\n- cat\n- dog, wild\n- bird\nval: images", "names: {0: cat, 2: bird, 1: 'dog, wild'}",
      "names: [\n  cat, # first\n  'dog, wild',\n  bird,\n]\n",
      "'names' :\n    2: bird\n    0: cat\n    1: dog, wild\n",
      "\u{FEFF}- cat\n- dog, wild\n- bird\n", "cat\r\ndog, wild\r\nbird\r\n",
    ])
  func everyUsualFileIsRead(_ text: String) throws {
    #expect(try Labels.parse(text) == Self.pets)
  }

  @Test func quotationMarksAndEscapesAreThoseOfTheForm() throws {
    #expect(try Labels.parse(#"{0: 'a\'s', 1: "b's", 2: '\xe9\u00e8'}"#) == ["a's", "b's", "éè"])
    #expect(try Labels.parse(#"["a\"s", "\u00e9\/"]"#) == ["a\"s", "é/"])
    #expect(
      try Labels.parse("names: ['it''s', \"a\\\"b\\u00e9\", c's, x#y]") == ["it's", "a\"bé", "c's", "x#y"])
    #expect(
      try Labels.parse("names:\n  - 'it''s'\n  - \"a: b\"\n  - no\n  - 12:30") == [
        "it's", "a: b", "no", "12:30",
      ])
  }

  @Test(
    arguments: [
      ("", nil, "there are no labels"), ("\n", nil, "there are no labels"),
      ("[]", nil, "there are no labels"),
      ("a\n\nb", 2, "empty label"), ("a\nb\na", 3, "the label 'a' is given twice"),
      ("0,a\n0,b", 2, "the class 0 is named twice"),
      ("0,a\n2,b", 2, "the class 2 is named, but of 2 classes 1 is not"),
      ("-1,a\n0,b", 1, "the class -1 is below 0"), ("0,a\n1,", 2, "empty label"),
      ("0\ta\n1\ta", 2, "the label 'a' is given twice"),
      ("1 a\n2 b", 1, "the classes seem to be numbered from 1 on"),
      ("item {\n  id: 1\n}", 1, "this is a label map of TensorFlow in text form"),
      ("[\"a\",\n \"b\"", 2, "malformed JSON at column 5: expected ']'"),
      ("names:\n  - a\n  -\n", 3, "empty label"), ("names: [a, , b]", 1, "empty label"),
      ("names:\n  0: a\n  2: b", 3, "the class 2 is named, but of 2 classes 1 is not"),
      ("names: [a, b", 1, "the bracket is not closed"),
      ("names: 3", 1, "'names' is neither a list nor a map of names"),
      ("names: &x [a]", 1, "'names' is neither a list nor a map of names"),
      ("names:\n  - *x", 2, "'*x' is YAML that is not read here"),
      ("names:\n  - a: b", 2, "'a: b' is a map, not a name"),
      ("names:\n  - a\n   - b", 3, "the line is indented by 3 blanks, the first one by 2"),
      ("nc: 3\nnames: [a, b]", 1, "nc says 3 classes, but there are 2 names"),
      ("names: [a]\nnames: [b]", 2, "the key 'names' is given twice"),
      ("names:\n  a: b", 2, "'a' is no number of a class"),
      ("data:\n  names: [a]\nnc: 1", 1, "this is YAML without the key 'names' at its margin"),
      ("names:\n  - 'a", 2, "the quotation mark is not closed"), ("names: [[a]]", 1, "names are nested"),
    ] as [(String, Int?, String)])
  func listsThatAreNoneAreRefusedWithTheLine(_ text: String, _ line: Int?, _ message: String) {
    let error = formatError { _ = try Labels.parse(text) }
    #expect(error?.message == message)
    #expect(error?.line == line)
  }

  @Test(
    arguments: [
      (#"{"0": "a", "2": "b"}"#, "2"), (#"{"id2label": {"0": "a", "1": " "}}"#, "id2label.1"),
      (#"{"a": 0, "b": 0}"#, "b"), (#"["a", "b", "a"]"#, "[2]"), (#"["a", 3]"#, "[1]"),
      (#"{"0": "a", "1": 5}"#, "1"),
      (#"{"categories": [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]}"#, "categories[1]"),
      (#"[{"id": 1, "name": "a"}]"#, "[0]"),
    ])
  func entriesOfJSONAreRefusedByKey(_ text: String, _ key: String) {
    let error = formatError { _ = try Labels.parse(text) }
    #expect(error?.kind == .corrupt)
    #expect(error?.node == key)
  }

  @Test(
    arguments: [
      #"{"a": "b"}"#, #"{"names": 3}"#, #"{"model_type": "vit"}"#, "{0: 'a', 0: 'b'}", "{0: a}", "[1, 2]",
      "{(1,): 'a'}",
    ])
  func documentsWithoutLabelsAreRefused(_ text: String) {
    #expect(formatError { _ = try Labels.parse(text) }?.kind == .corrupt)
  }

  /// Two classes of ImageNet are called "crane", in every list of its 1000.
  @Test func longListsMayRepeatAName() throws {
    let names = (0..<998).map { "name \($0)." } + ["crane", "crane"]
    #expect(try Labels.parse(names.joined(separator: "\n")) == names)
    #expect(formatError { _ = try Labels.parse(names.dropFirst().joined(separator: "\n")) }?.line == 999)
  }

  @Test func theFileIsNamed() throws {
    try Fixture.withFolder { folder in
      try Fixture.write(Array("a\n\nb".utf8), to: "\(folder)/labels.txt")
      let error = formatError { _ = try Labels.read("\(folder)/labels.txt") }
      #expect(error?.description == "\(folder)/labels.txt, line 2: empty label (give every class a name)")
      #expect(formatError { _ = try Labels.read("\(folder)/none.txt") }?.kind == .missing)
    }
  }

  @Test func damagedTextNeverEndsTheProcess() {
    let forms = [
      #"{"id2label": {"0": "cat", "1": "d\u00e9"}}"#, "{0: 'a\\'s', 1: \"b\", 2: ('x', [None, True])}",
      "nc: 2\nnames:\n  0: 'it''s'\n  1: \"d\\u00e9\" # c\n", "names: ['a', \"b\", {c]\n", "0\tcat\n1\tdog\n",
      "\u{FEFF}a,0\nb,1\n",
    ]
    for form in forms { _ = checkHostile(Array(form.utf8), flips: 400) { _ = try Labels.parse($0) } }
  }
}
