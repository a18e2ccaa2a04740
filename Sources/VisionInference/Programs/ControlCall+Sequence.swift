import VisionGraph
import VisionModel
import VisionTensor
import VisionSystem

extension ControlCall {
  /// The result of an operator on sequences.
  func sequence(_ control: ControlOperator) throws(GraphError) -> ProgramValue {
    switch control {
    case .sequenceEmpty: return .sequence([])
    case .sequenceConstruct:
      var tensors: [Tensor] = []
      for index in node.inputs.indices { tensors.append(try tensor(index)) }
      return .sequence(tensors)
    case .sequenceLength: return .tensor(Tensor(scalar: Int64(try sequence(0).count)))
    case .sequenceAt:
      let tensors = try sequence(0)
      return .tensor(tensors[try position(1, of: tensors.count)])
    case .sequenceErase:
      var tensors = try sequence(0)
      guard !tensors.isEmpty else { throw error(.evaluation, "the sequence is empty") }
      let position = try optionalInput(1) == nil ? tensors.count - 1 : position(1, of: tensors.count)
      tensors.remove(at: position)
      return .sequence(tensors)
    case .sequenceInsert: return try insert()
    case .splitToSequence: return try split()
    default: return try concatenation()
    }
  }

  /// A position that counts from the end where it is negative.
  private func position(_ index: Int, of count: Int, behind: Int = 0) throws(GraphError) -> Int {
    guard let position = try number(index), position >= -count, position < count + behind else {
      throw error(.evaluation, "the position \(try input(index)) is outside a sequence of \(count)")
    }
    return position < 0 ? position + count : position
  }

  private func insert() throws(GraphError) -> ProgramValue {
    var tensors = try sequence(0)
    let tensor = try tensor(1)
    guard tensors.first.map({ $0.elementType == tensor.elementType }) ?? true else {
      throw error(.shape, "\(tensor) in a sequence of \(tensors[0].elementType.rawValue)")
    }
    guard tensors.count < GraphLimits.sequenceLength else {
      throw error(.tooLarge, "a sequence has more than \(GraphLimits.sequenceLength) tensors")
    }
    let place = try optionalInput(2) == nil ? tensors.count : position(2, of: tensors.count, behind: 1)
    tensors.insert(tensor, at: place)
    return .sequence(tensors)
  }

  private func axis(rank: Int) throws(GraphError) -> Int {
    let axis = try int("axis") ?? 0
    guard axis >= -rank, axis < rank else { throw error(.shape, "axis \(axis) is outside rank \(rank)") }
    return axis < 0 ? axis + rank : axis
  }

  private func split() throws(GraphError) -> ProgramValue {
    let x = try tensor(0)
    let axis = try axis(rank: x.shape.rank)
    let extent = x.shape[axis]
    guard try optionalInput(1) != nil else {
      try checkLength(extent)
      let keeps = try int("keepdims") ?? 1 != 0
      return .sequence(
        (0..<extent).map { keeps ? x.part(axis: axis, from: $0, count: 1) : x.slice(axis: axis, at: $0) })
    }
    let given = try tensor(1)
    var parts = given.integers
    if given.shape.rank == 0, let size = parts.first, size > 0 {
      let count = extent / size + (extent % size == 0 ? 0 : 1)
      try checkLength(count)
      parts = (0..<count).map { min(size, extent - $0 * size) }
    }
    try checkLength(parts.count)
    guard given.elementCount > 0, parts.allSatisfy({ $0 >= 0 && $0 <= extent }),
      parts.reduce(0, { GraphLimits.sum($0, $1) }) == extent
    else { throw error(.shape, "parts \(given.integers.prefix(8)) of an axis of \(extent)") }
    var start = 0
    var tensors: [Tensor] = []
    for part in parts {
      tensors.append(x.part(axis: axis, from: start, count: part))
      start += part
    }
    return .sequence(tensors)
  }

  private func checkLength(_ count: Int) throws(GraphError) {
    guard count <= GraphLimits.sequenceLength else {
      throw error(.tooLarge, "a sequence has more than \(GraphLimits.sequenceLength) tensors")
    }
  }

  private func concatenation() throws(GraphError) -> ProgramValue {
    var tensors = try sequence(0)
    guard let first = tensors.first else { throw error(.evaluation, "the sequence is empty") }
    let isNew = try int("new_axis") ?? 0 != 0
    let axis = try axis(rank: first.shape.rank + (isNew ? 1 : 0))
    if isNew {
      tensors = tensors.map { tensor in
        var extents = tensor.shape.dimensions
        extents.insert(1, at: min(axis, extents.count))
        return tensor.reshaped(to: Shape(extents))
      }
    }
    let rest = tensors.map { tensor in
      var shape = tensor.shape
      if axis < shape.rank { shape[axis] = 0 }
      return shape
    }
    guard rest.allSatisfy({ $0 == rest[0] }), tensors.allSatisfy({ $0.elementType == first.elementType })
    else { throw error(.shape, "the tensors of the sequence differ in type or shape") }
    let bytes = tensors.reduce(0) { GraphLimits.sum($0, $1.byteCount) }
    try run.checkMemory(GraphLimits.sum(scope.totalByteCount, bytes), node)
    return .tensor(Tensor.concatenated(tensors, axis: axis))
  }

  /// The sequences that a graph gives for the tensors of sequences, one after the other.
  func map() throws(GraphError) -> [ProgramValue] {
    let body = try body("body")
    let count = try sequence(0).count
    guard body.inputs.count == node.inputs.count, body.outputs.count >= node.outputs.count else {
      throw error(.structure, "the body does not have the inputs and outputs of the node")
    }
    var results = [[Tensor]](repeating: [], count: body.outputs.count)
    var bytes = 0
    for index in 0..<count {
      try run.iterate(node)
      var values: [ProgramValue] = []
      for position in node.inputs.indices {
        guard case .sequence(let tensors) = try input(position) else {
          values.append(try input(position))
          continue
        }
        guard tensors.count == count else { throw error(.shape, "the sequences differ in length") }
        values.append(.tensor(tensors[index]))
      }
      for (position, value) in try run.run(body, values, in: scope).enumerated() {
        guard case .tensor(let tensor) = value else { throw error(.shape, "the body gives \(value)") }
        results[position].append(tensor)
        bytes += tensor.byteCount
      }
      try run.checkMemory(GraphLimits.sum(scope.totalByteCount, bytes), node)
    }
    return results.map { .sequence($0) }
  }

  /// The result of an operator on optionals. One that holds something is what it holds.
  func optional(_ control: ControlOperator) throws(GraphError) -> ProgramValue {
    let value = try optionalInput(0) ?? .absent
    switch control {
    case .optionalHasElement:
      if case .absent = value { return .tensor(Tensor(scalar: false)) }
      return .tensor(Tensor(scalar: true))
    case .optionalGetElement:
      if case .absent = value { throw error(.evaluation, "the optional holds nothing") }
      return value
    default: return value
    }
  }
}
