import ArgumentParser
import VisionGraph
import VisionModel
import VisionNet
import VisionTensor
import VisionSystem

/// What `run` gives to the inputs of a network: arrays from files, and arrays that it makes where only a shape is given.
struct RunInputs {
  private var files: [(name: String?, path: String)] = []
  /// The shapes of the inputs for which arrays are made.
  private var made: [String: Shape] = [:]
  /// The inputs that are given several times, or as nothing: sequences and optionals.
  private let listed: Set<String>

  /// - Parameters:
  ///   - files: `NAME=FILE.npy`, or `FILE.npz` with arrays named like inputs; for a sequence one for each of its
  ///     tensors, and `NAME=` for one without tensors or an optional that holds nothing.
  ///   - shapes: `NAME=1,3,640,640`, for a scalar `NAME=`.
  /// - Throws: `ValidationError` for other forms, and where an input is given twice.
  init(_ files: [String], shapes: [String]) throws {
    var seen: Set<String> = []
    var listed: Set<String> = []
    for argument in files {
      let equals = argument.firstIndex(of: "=")
      guard let equals, equals != argument.startIndex else {
        guard equals == nil, argument.hasSuffix(".npz") else {
          throw ValidationError("--input wants NAME=FILE.npy or FILE.npz, not '\(argument)'")
        }
        self.files.append((nil, argument))
        continue
      }
      let name = String(argument[..<equals])
      let path = String(argument[argument.index(after: equals)...])
      if !seen.insert(name).inserted || path.isEmpty { listed.insert(name) }
      self.files.append((name, path))
    }
    self.listed = listed
    for argument in shapes {
      guard let equals = argument.lastIndex(of: "="), equals != argument.startIndex,
        let shape = Self.shape(argument[argument.index(after: equals)...])
      else { throw ValidationError("--shape wants NAME=1,3,640,640, not '\(argument)'") }
      let name = String(argument[..<equals])
      guard seen.insert(name).inserted else { throw ValidationError("input '\(name)' is given twice") }
      made[name] = shape
    }
  }

  private static func shape(_ text: Substring) -> Shape? {
    if text.isEmpty { return [] }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let extents = parts.compactMap { part in Int(part).flatMap { $0 >= 0 ? $0 : nil } }
    guard extents.count == parts.count, Shape(extents).checkedElementCount != nil else { return nil }
    return Shape(extents)
  }

  /// The arrays of an input that is a sequence or an optional, in their order; nil where none is given, not even `NAME=`.
  func list(_ name: String, _ arrays: [String: Tensor]) throws -> [Tensor]? {
    if let array = arrays[name] { return [array] }
    guard listed.contains(name) else { return nil }
    let paths = files.filter { $0.name == name }.map(\.path).filter { !$0.isEmpty }
    return try paths.map { try NumPyArray.read($0) }
  }

  /// Throws where a tensor is given several times, or as nothing.
  ///
  /// - Parameter lists: the inputs that are no tensors.
  func check(lists: Set<String>) throws(CommandError) {
    guard let name = listed.subtracting(lists).sorted().first else { return }
    let paths = files.filter { $0.name == name }.map(\.path)
    throw CommandError(
      .usage,
      paths.contains("") ? "--input \(name)= names no file" : "input '\(name)' is given twice",
      remedy: "only a sequence has several files, and only a sequence or an optional none")
  }

  /// The arrays of the files, by the names of inputs, without those that are listed.
  func read() throws -> [String: Tensor] {
    var arrays: [String: Tensor] = [:]
    for (name, path) in files {
      if let name {
        if !listed.contains(name) { arrays[name] = try NumPyArray.read(path) }
        continue
      }
      for (name, tensor) in try NumPyArchive.read(path) {
        guard arrays[name] == nil, made[name] == nil, !files.contains(where: { $0.name == name }) else {
          throw CommandError(.usage, "input '\(name)' is given twice", place: path)
        }
        arrays[name] = tensor
      }
    }
    return arrays
  }

  /// The shapes of all inputs that are given.
  func shapes(_ arrays: [String: Tensor]) -> [String: Shape] {
    arrays.mapValues(\.shape).merging(made) { array, _ in array }
  }

  /// The tensors of a network's inputs, in the types that it declares. Arrays that were made are reported by `note`.
  ///
  /// - Throws: `CommandError` with all that is wrong.
  func tensors(
    _ arrays: [String: Tensor], for inputs: [(name: String, fact: Fact)], model: String,
    note: (String) -> Void
  ) throws(CommandError) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    var complaints: [String] = []
    var kind = CommandError.Kind.data
    for (index, (name, fact)) in inputs.enumerated() {
      if let tensor = arrays[name] {
        result[name] = Self.typed(tensor, as: fact.type)
        if result[name] == nil {
          complaints.append("input '\(name)' is \(tensor), but the model wants \(Self.wanted(fact.type))")
        }
      } else if made[name] != nil {
        let (tensor, content) = Self.made(fact, index)
        result[name] = tensor
        note("input '\(name)' (\(fact)) is filled with \(content)")
      } else {
        complaints.append("input '\(name)' (\(fact)) is missing")
        kind = .usage
      }
    }
    if complaints.isEmpty { return result }
    throw CommandError(
      kind, complaints.joined(separator: "; "), place: model,
      remedy: "give each as --input NAME=FILE.npy, or its shape as --shape NAME=1,3,640,640")
  }

  /// The array in the declared type; nil when it is neither of that type nor of integers that hold its bits.
  private static func typed(_ array: Tensor, as type: ElementType) -> Tensor? {
    if array.elementType == type { return array }
    guard type.isMissingInNumPy, array.elementType == codes(type) else { return nil }
    guard !type.isFourBits || array.integers.allSatisfy({ $0 < 16 }) else { return nil }
    return array.reinterpreted(as: type)
  }

  private static func codes(_ type: ElementType) -> ElementType { type.byteCount == 2 ? .uint16 : .uint8 }

  private static func wanted(_ type: ElementType) -> String {
    guard type.isMissingInNumPy else { return type.rawValue }
    return "\(type.rawValue), its bits as \(codes(type).rawValue)\(type.isFourBits ? " below 16" : "")"
  }

  /// An array for an input of which only the shape is given, and what it holds.
  private static func made(_ fact: Fact, _ index: Int) -> (tensor: Tensor, content: String) {
    let (count, stream) = (fact.shape.elementCount, UInt64(index))
    let random = Philox(seed: 1)
    if fact.type.isFloatingPoint {
      let normal = random.normal(count: count, stream: stream)
      // Powers of two have no sign.
      let numbers = fact.type == .float8e8m0 ? normal.map(\.magnitude) : normal
      return (
        Tensor(numbers, shape: fact.shape).converted(to: fact.type), "normally distributed numbers (seed 1)"
      )
    }
    guard fact.type == .uint8 || fact.type == .int8 else {
      return (Tensor(elementType: fact.type, shape: fact.shape) { _ in }, "zeros")
    }
    let bytes = random.uniform(count: count, stream: stream).map { UInt8(saturating: $0 * 256) }
    return (Tensor(bytes, shape: fact.shape).reinterpreted(as: fact.type), "random bytes (seed 1)")
  }
}
