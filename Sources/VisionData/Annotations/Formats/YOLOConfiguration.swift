import VisionSystem
import VisionTensor

/// What a `data.yaml` says: the classes, and where the images of each part are.
struct YOLOConfiguration {
  /// The names by their ids, in rising order; ids may leave numbers out.
  private(set) var names: [(id: Int, name: String)] = []
  /// The folder that paths are relative to, as written; nil if none is given.
  private(set) var path: String?
  /// Folders, or text files with lists of images.
  private(set) var parts: [DataPart: [String]] = [:]
  /// The columns of a row that are key points, for networks of poses.
  private(set) var keypointColumns = 0

  private let place: String
  private let document: YAMLDocument

  init(contentsOf path: String) throws(DatasetError) {
    let text = try AnnotationSource.text(of: path, limit: AnnotationSource.maximumConfigurationBytes)
    place = path
    do {
      document = try YAMLDocument(text)
    } catch {
      throw DatasetError(
        .annotations, "the file is not YAML: \(error.problem)",
        place: error.line.map { "\(path), line \($0)" } ?? path)
    }
    guard case .mapping(let pairs)? = document.root?.content else {
      throw DatasetError(.annotations, "the file is no map of keys", place: path)
    }
    var seen: Set<String> = []
    var count: (value: Int, line: Int)?
    for (key, value) in pairs {
      guard case .scalar(let name, _) = document.nodes[key].content else { continue }
      let node = document.nodes[value]
      guard seen.insert(name).inserted else { throw failure("the key '\(name)' is given twice", node) }
      switch name {
      case "names": try readNames(node)
      case "nc": count = (try integer(node, "nc"), node.line)
      case "path": self.path = node.isNull ? nil : try scalar(node)
      case "train": parts[.train] = try paths(node)
      case "val", "valid", "validation": parts[.val] = try paths(node)
      case "test": parts[.test] = try paths(node)
      case "kpt_shape":
        guard case .sequence(let items) = node.content else { continue }
        keypointColumns = 1
        for item in items.prefix(2) { keypointColumns *= min(try integer(document.nodes[item], name), 1000) }
      default: continue
      }
    }
    guard !names.isEmpty else { throw failure("the file names no classes", nil) }
    if let count, count.value != names.count {
      throw DatasetError(
        .annotations, "nc is \(count.value), but there are \(names.count) names",
        place: "\(place), line \(count.line)", remedy: "correct nc or the names")
    }
  }

  private func failure(_ message: String, _ node: YAMLDocument.Node?) -> DatasetError {
    DatasetError(.annotations, message, place: node.map { "\(place), line \($0.line)" } ?? place)
  }

  private func scalar(_ node: YAMLDocument.Node) throws(DatasetError) -> String {
    guard case .scalar(let text, _) = node.content else { throw failure("a text is wanted here", node) }
    return text
  }

  private func integer(_ node: YAMLDocument.Node, _ name: String) throws(DatasetError) -> Int {
    guard case .scalar(let text, _) = node.content, let value = Int(text), value >= 0 else {
      throw failure("\(name) is no whole number from 0", node)
    }
    return value
  }

  /// A path, or a list of paths; none for null.
  private func paths(_ node: YAMLDocument.Node) throws(DatasetError) -> [String]? {
    if node.isNull { return nil }
    guard case .sequence(let items) = node.content else { return [try scalar(node)] }
    var paths: [String] = []
    for item in items { paths.append(try scalar(document.nodes[item])) }
    return paths
  }

  private mutating func readNames(_ node: YAMLDocument.Node) throws(DatasetError) {
    switch node.content {
    case .sequence(let items):
      for (id, item) in items.enumerated() { names.append((id, try scalar(document.nodes[item]))) }
    case .mapping(let pairs):
      for (key, value) in pairs {
        names.append((try integer(document.nodes[key], "an id"), try scalar(document.nodes[value])))
      }
      names.sort { $0.id < $1.id }
      if let twice = zip(names, names.dropFirst()).first(where: { $0.id == $1.id }) {
        throw failure("the id \(twice.0.id) has two names", node)
      }
    case .scalar: throw failure("names is neither a list nor a map", node)
    }
  }
}
