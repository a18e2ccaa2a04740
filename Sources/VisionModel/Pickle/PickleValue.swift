import VisionSystem

/// The values that the restricted unpickler can create: plain data and descriptions of tensors.
enum PickleValue {
  case none
  case bool(Bool)
  case int(Int)
  /// An integer beyond 64 bits, little-endian two's complement.
  case bigInteger([UInt8])
  case float(Double)
  case string(String)
  case bytes([UInt8])
  /// A tuple, list, dictionary or set.
  case container(PickleContainer)
  /// A known class or function.
  case global(PickleGlobal)
  case storage(TorchStorage)
  case tensor(TorchTensor)

  var int: Int? {
    if case .int(let value) = self { return value }
    return nil
  }

  var string: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  /// The items of a tuple or list.
  var items: [PickleValue]? {
    guard case .container(let container) = self, container.kind == .tuple || container.kind == .list else {
      return nil
    }
    return container.items
  }

  /// The integers of a tuple or list of integers.
  var integers: [Int]? {
    guard let items else { return nil }
    let integers = items.compactMap(\.int)
    return integers.count == items.count ? integers : nil
  }
}

/// A container created by a pickle; a reference type, because pickles can refer to earlier objects.
final class PickleContainer {
  enum Kind {
    case tuple, list, set, dictionary
  }

  let kind: Kind
  /// The items; for a dictionary, keys and values alternate.
  var items: [PickleValue]

  init(_ kind: Kind, _ items: [PickleValue] = []) {
    self.kind = kind
    self.items = items
  }

  /// The entries of a dictionary in the order of their first assignment, each with its last value.
  var entries: [(key: String, value: PickleValue)] {
    var result: [(key: String, value: PickleValue)] = []
    var positions: [String: Int] = [:]
    for index in stride(from: 0, to: items.count - 1, by: 2) {
      let key: String
      switch items[index] {
      case .string(let text): key = text
      case .int(let number): key = String(number)
      default: continue
      }
      if let position = positions[key] {
        result[position].value = items[index + 1]
      } else {
        positions[key] = result.count
        result.append((key, items[index + 1]))
      }
    }
    return result
  }
}

extension PickleValue {
  /// A whole number of any length: two's complement, the lowest byte first.
  static func integer(_ bytes: [UInt8]) -> PickleValue {
    guard bytes.count <= 8 else { return .bigInteger(bytes) }
    var value = bytes.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
    for byte in bytes.reversed() { value = value << 8 | Int(byte) }
    return .int(value)
  }
}
