import CYAML

/// A YAML document, parsed by libyaml. Each node is listed once, even if the text refers to it several times.
package struct YAMLDocument: Sendable {
  /// A value of the document.
  package struct Node: Sendable {
    package enum Content: Sendable {
      /// A text, and whether it is written without quotation marks.
      case scalar(String, isPlain: Bool)
      /// Indices into `nodes`.
      case sequence([Int])
      /// Pairs of indices into `nodes`, in the order of the text.
      case mapping([(key: Int, value: Int)])
    }
    package let content: Content
    /// The line, from 1, at which the node begins.
    package let line: Int

    /// Whether the node means no value: it is empty, `~` or `null`.
    package var isNull: Bool {
      guard case .scalar(let text, isPlain: true) = content else { return false }
      return ["", "~", "null"].contains(text)
    }
  }

  /// Why a text is not YAML.
  package struct Failure: Error {
    /// What is wrong, in the library's words.
    package let problem: String
    /// The line, from 1; nil when unknown.
    package let line: Int?
  }

  package let nodes: [Node]

  /// The outermost value; nil when the text is empty.
  package var root: Node? { nodes.first }

  /// Parses a text with at most one document.
  package init(_ text: String) throws(Failure) {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { throw Failure(problem: "no memory", line: nil) }
    defer { yaml_parser_delete(&parser) }
    var bytes = Array(text.utf8)
    let result: Result<[Node], Failure> = bytes.withUnsafeMutableBufferPointer { bytes in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      return Result { () throws(Failure) in try Self.read(&parser) }
    }
    nodes = try result.get()
  }

  private static func read(_ parser: inout yaml_parser_t) throws(Failure) -> [Node] {
    let nodes = try next(&parser)
    if !nodes.isEmpty, let another = try next(&parser).first {
      throw Failure(problem: "but found another document", line: another.line)
    }
    return nodes
  }

  /// The nodes of the next document; none at the end of the text.
  private static func next(_ parser: inout yaml_parser_t) throws(Failure) -> [Node] {
    var document = yaml_document_t()
    guard yaml_parser_load(&parser, &document) == 1 else {
      let isMarked = parser.error != YAML_READER_ERROR && parser.error != YAML_MEMORY_ERROR
      throw Failure(
        problem: parser.problem.map { String(cString: $0) } ?? "no memory",
        line: isMarked ? Int(parser.problem_mark.line) + 1 : nil)
    }
    defer { yaml_document_delete(&document) }
    guard let first = document.nodes.start, let end = document.nodes.top else { return [] }
    return UnsafeBufferPointer(start: first, count: end - first).map(Node.init)
  }
}

extension YAMLDocument.Node {
  fileprivate init(_ node: yaml_node_t) {
    line = Int(node.start_mark.line) + 1
    switch node.type {
    case YAML_SEQUENCE_NODE:
      let items = node.data.sequence.items
      content = .sequence(Self.elements(items.start, items.top).map { Int($0) - 1 })
    case YAML_MAPPING_NODE:
      let pairs = node.data.mapping.pairs
      content = .mapping(Self.elements(pairs.start, pairs.top).map { (Int($0.key) - 1, Int($0.value) - 1) })
    default:
      let scalar = node.data.scalar
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      content = .scalar(
        text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE || scalar.style == YAML_ANY_SCALAR_STYLE)
    }
  }

  private static func elements<Element>(
    _ start: UnsafeMutablePointer<Element>?, _ end: UnsafeMutablePointer<Element>?
  ) -> UnsafeBufferPointer<Element> {
    guard let start, let end else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: start, count: end - start)
  }
}
