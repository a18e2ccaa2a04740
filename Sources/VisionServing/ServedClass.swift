/// A class of a classifier, as it is asked for.
public enum ServedClass: Sendable, Hashable {
  /// The first class of that name.
  case label(String)
  /// The position among the network's outputs.
  case index(Int)

  /// The position among `labels`; nil where there is none.
  func index(in labels: [String]) -> Int? {
    switch self {
    case .label(let label): labels.firstIndex { $0.utf8.elementsEqual(label.utf8) }
    case .index(let index): labels.indices.contains(index) ? index : nil
    }
  }

  var text: String {
    switch self {
    case .label(let label): "'\(label)'"
    case .index(let index): "\(index)"
    }
  }
}
