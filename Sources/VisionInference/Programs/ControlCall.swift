import VisionGraph
import VisionModel
import VisionSystem
import VisionTensor

/// A node that is no function of tensors, in one run: If, Loop and what its inputs are.
struct ControlCall {
  let run: ProgramRun
  let node: ProgramNode
  let scope: ProgramScope

  func error(_ kind: GraphError.Kind, _ message: String) -> GraphError {
    GraphError(kind, "\(node.operatorName): \(message)", place: node.name)
  }

  /// The input at `index`; nil where it is not given.
  func optionalInput(_ index: Int) throws(GraphError) -> ProgramValue? {
    guard index < node.inputs.count, !node.inputs[index].isEmpty else { return nil }
    guard let value = scope.value(node.inputs[index]) else {
      throw error(.structure, "nothing computes the input '\(node.inputs[index])'")
    }
    return value
  }

  func input(_ index: Int) throws(GraphError) -> ProgramValue {
    guard let value = try optionalInput(index) else { throw error(.structure, "input \(index) is missing") }
    return value
  }

  func tensor(_ index: Int) throws(GraphError) -> Tensor {
    guard case .tensor(let tensor) = try input(index) else {
      throw error(.shape, "input \(index) is \(try input(index)) instead of a tensor")
    }
    return tensor
  }

  func sequence(_ index: Int) throws(GraphError) -> [Tensor] {
    guard case .sequence(let tensors) = try input(index) else {
      throw error(.shape, "input \(index) is \(try input(index)) instead of a sequence")
    }
    return tensors
  }

  /// The only element of an input, or nil where it is not given.
  func number(_ index: Int) throws(GraphError) -> Int? {
    guard try optionalInput(index) != nil else { return nil }
    let tensor = try tensor(index)
    guard tensor.elementCount == 1, !tensor.elementType.isFloatingPoint else {
      throw error(.shape, "input \(index) is \(tensor) instead of one integer")
    }
    return tensor.integers[0]
  }

  func int(_ attribute: String) throws(GraphError) -> Int? {
    switch node.attributes[attribute] {
    case nil: return nil
    case .int(let value)?: return value
    default: throw error(.structure, "attribute '\(attribute)' is no integer")
    }
  }

  func ints(_ attribute: String) throws(GraphError) -> [Int]? {
    switch node.attributes[attribute] {
    case nil: return nil
    case .ints(let values)?: return values
    case .floats(let values)? where values.isEmpty: return []
    default: throw error(.structure, "attribute '\(attribute)' is no list of integers")
    }
  }

  func body(_ attribute: String) throws(GraphError) -> ProgramBody {
    guard let body = node.bodies[attribute] else {
      throw error(.structure, "the graph '\(attribute)' is missing")
    }
    return body
  }

  private func flag(_ value: ProgramValue) throws(GraphError) -> Bool {
    guard case .tensor(let tensor) = value, tensor.elementCount == 1 else {
      throw error(.shape, "a condition is \(value)")
    }
    return tensor.nonzero[0]
  }

  /// The outputs of the branch that is taken.
  func condition() throws(GraphError) -> [ProgramValue] {
    let branch = try body(flag(input(0)) ? "then_branch" : "else_branch")
    guard branch.inputs.isEmpty, branch.outputs.count >= node.outputs.count else {
      throw error(
        .structure,
        "a branch has \(branch.inputs.count) inputs and \(branch.outputs.count) outputs instead of \(node.outputs.count)"
      )
    }
    return try run.run(branch, [], in: scope)
  }

  /// The values that go around, and those that every iteration adds to, one behind the other.
  func loop() throws(GraphError) -> [ProgramValue] {
    let body = try body("body")
    let count = max(node.inputs.count - 2, 0)
    guard body.inputs.count == count + 2, body.outputs.count >= count + 1 else {
      throw error(
        .structure,
        "the body has \(body.inputs.count) inputs and \(body.outputs.count) outputs for \(count) values that go around"
      )
    }
    let trips = try number(0) ?? Int.max
    var goesOn = try optionalInput(1).map { value throws(GraphError) in try flag(value) } ?? true
    var carried: [ProgramValue] = []
    for index in 0..<count { carried.append(try input(index + 2)) }
    var rows = [TensorStack](repeating: TensorStack(), count: body.outputs.count - 1 - count)
    var iteration = 0
    while goesOn, iteration < trips {
      try run.iterate(node)
      let number = Tensor([Int64(iteration)], shape: Self.shape(body.inputs[0]))
      let condition = Tensor([true], shape: Self.shape(body.inputs[1]))
      let results = try run.run(body, [.tensor(number), .tensor(condition)] + carried, in: scope)
      goesOn = try flag(results[0])
      carried = Array(results[1..<(1 + count)])
      try append(results[(1 + count)...], to: &rows)
      iteration += 1
    }
    let empty = body.outputs[(1 + count)...]
    var stacked: [ProgramValue] = []
    for (stack, port) in zip(rows, empty) { stacked.append(.tensor(try self.stacked(stack, 0, port))) }
    return carried + stacked
  }

  /// Adds a row to each stack.
  func append(_ results: some Sequence<ProgramValue>, to rows: inout [TensorStack]) throws(GraphError) {
    for (index, result) in results.enumerated() {
      guard case .tensor(let tensor) = result, rows[index].append(tensor) else {
        throw error(.shape, "an iteration gives \(result), which is not like those before it")
      }
    }
    try run.checkMemory(scope.totalByteCount + 2 * rows.reduce(0) { $0 + $1.byteCount }, node)
  }

  /// The rows of a stack along an axis; where there are none, with the shape that is declared for one.
  func stacked(_ stack: TensorStack, _ axis: Int, _ port: ProgramPort) throws(GraphError) -> Tensor {
    if let tensor = stack.tensor(axis: axis) { return tensor }
    guard stack.isEmpty, let type = port.type else {
      throw error(.shape, "the output '\(port.name)' has no type without an iteration, or no axis \(axis)")
    }
    var extents = (port.extents ?? []).map { $0 ?? 0 }
    guard axis >= -extents.count - 1, axis <= extents.count else {
      throw error(.shape, "axis \(axis) is outside the output '\(port.name)'")
    }
    extents.insert(0, at: axis < 0 ? axis + extents.count + 1 : axis)
    guard Shape(extents).checkedElementCount != nil else {
      throw error(.tooLarge, "impossible shape \(extents)")
    }
    return Tensor(elementType: type, shape: Shape(extents)) { _ in }
  }

  /// The shape of one number as a body declares it: without axes, or with one.
  private static func shape(_ port: ProgramPort) -> Shape { port.extents?.count == 1 ? [1] : [] }
}
