public import VisionTensor

/// The value of one attribute of an ONNX node.
public enum AttributeValue: Sendable, Hashable {
  case int(Int)
  case float(Float)
  case string(String)
  case ints([Int])
  case floats([Float])
  case strings([String])
  case tensor(Tensor)
}

/// The attributes of a node, in the order in which they are written to a file.
public struct Attributes: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  public private(set) var entries: [(name: String, value: AttributeValue)] = []

  public init() {}
  public init(dictionaryLiteral elements: (String, AttributeValue)...) {
    for (name, value) in elements { self[name] = value }
  }

  /// The value of the attribute `name`; setting nil removes it.
  public subscript(name: String) -> AttributeValue? {
    get { entries.first { $0.name == name }?.value }
    set {
      let index = entries.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append((name, value))
      case (nil, nil): break
      }
    }
  }

  public static func == (a: Attributes, b: Attributes) -> Bool {
    a.entries.elementsEqual(b.entries) { $0.name == $1.name && $0.value == $1.value }
  }

  public func hash(into hasher: inout Hasher) {
    for (name, value) in entries {
      hasher.combine(name)
      hasher.combine(value)
    }
  }
}
