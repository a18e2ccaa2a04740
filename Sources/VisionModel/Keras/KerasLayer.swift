import VisionSystem
import VisionTensor

/// A layer as Keras describes it.
struct KerasLayer {
  /// The class, such as `Conv2D`.
  let kind: String
  let name: String
  /// What the layer was made with.
  let settings: JSONText
  /// The layers whose outputs it reads.
  let inputs: [String]

  func error(_ kind: FormatError.Kind, _ message: String) -> FormatError {
    FormatError(kind, "\(self.kind) \(message)", node: name)
  }

  /// A whole number from 0 on.
  func int(_ key: String) throws(FormatError) -> Int? {
    guard let value = present(key) else { return nil }
    guard let number = value.integer, number >= 0, number < 1 << 31 else {
      throw error(.corrupt, "has '\(key)' \(value.text), which is no whole number")
    }
    return number
  }

  func float(_ key: String) throws(FormatError) -> Float? {
    guard let value = present(key) else { return nil }
    guard let number = value.double, Float(number).isFinite else {
      throw error(.corrupt, "has '\(key)' \(value.text), which is no number")
    }
    return Float(number)
  }

  func flag(_ key: String, default standard: Bool = false) throws(FormatError) -> Bool {
    guard let value = present(key) else { return standard }
    guard case .bool(let flag) = value else {
      throw error(.corrupt, "has '\(key)' \(value.text), which is neither true nor false")
    }
    return flag
  }

  func text(_ key: String) throws(FormatError) -> String? {
    guard let value = present(key) else { return nil }
    guard let text = value.string else {
      throw error(.unsupported, "has '\(key)' that is no name")
    }
    return text
  }

  /// Two numbers of height and width, or one for both.
  func pair(_ key: String) throws(FormatError) -> [Int]? {
    guard let value = present(key) else { return nil }
    if value.integer != nil, let side = try int(key) { return [side, side] }
    let sides = value.array?.compactMap(\.integer) ?? []
    guard sides.count == 2, value.array?.count == 2, sides.allSatisfy({ $0 >= 0 && $0 < 1 << 31 }) else {
      throw error(.corrupt, "has '\(key)' \(value.text), which are not two sides")
    }
    return sides
  }

  /// Numbers before and after height and width: one for all, two for both sides of each, or two pairs.
  func margins(_ key: String) throws(FormatError) -> [[Int]] {
    let items = present(key)?.array ?? []
    if items.count == 2, items.allSatisfy({ $0.array != nil }) {
      let pairs = items.map { $0.array?.compactMap(\.integer) ?? [] }
      guard pairs.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0 >= 0 && $0 < 1 << 31 } }) else {
        throw error(.corrupt, "has '\(key)' that are not two pairs")
      }
      return pairs
    }
    return try (pair(key) ?? [0, 0]).map { [$0, $0] }
  }

  /// The shape without the axis of samples, by whichever name it has; nil where none is given.
  func inputShape() throws(FormatError) -> [Int]? {
    guard let value = present("batch_input_shape") ?? present("batch_shape") else { return nil }
    let extents = (value.array ?? []).dropFirst()
    let sides = extents.compactMap(\.integer)
    guard !sides.isEmpty, sides.count == extents.count, sides.allSatisfy({ $0 > 0 && $0 < 1 << 20 }) else {
      throw error(
        .unsupported, "leaves the input's size open: \(value.text); export the network for one size")
    }
    return sides
  }

  /// Refuses values of a setting other than those that are understood.
  func check(_ key: String, isOneOf values: [String]) throws(FormatError) {
    guard let text = try text(key), !values.contains(text) else { return }
    throw error(.unsupported, "with \(key) '\(text)' is not supported")
  }

  /// The value of a key; nil for null.
  private func present(_ key: String) -> JSONText? {
    let value = settings[key]
    if case .null? = value { return nil }
    return value
  }
}
