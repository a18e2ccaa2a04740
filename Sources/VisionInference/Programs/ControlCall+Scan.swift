import VisionGraph
import VisionModel
import VisionTensor

extension ControlCall {
  /// What a Scan goes along: an axis of each input, in some direction.
  private struct Track {
    let tensor: Tensor
    let axis: Int
    let isReversed: Bool

    var count: Int { tensor.shape[axis] }
    func slice(_ step: Int, of steps: Int) -> Tensor {
      tensor.slice(axis: axis, at: isReversed ? steps - 1 - step : step)
    }
  }

  /// The states after the last step, and what every step adds.
  func scan() throws(GraphError) -> [ProgramValue] {
    let body = try body("body")
    guard let count = try int("num_scan_inputs"), count > 0, count <= body.inputs.count,
      body.outputs.count >= body.inputs.count - count
    else { throw error(.structure, "num_scan_inputs does not fit the body") }
    let states = body.inputs.count - count
    if try isBatched { return try batchedScan(body, states: states) }
    guard node.inputs.count == body.inputs.count else {
      throw error(.structure, "\(node.inputs.count) inputs are given for a body of \(body.inputs.count)")
    }
    let axes = try ints("scan_input_axes") ?? [Int](repeating: 0, count: count)
    let directions = try directions("scan_input_directions", count)
    guard axes.count == count else { throw error(.structure, "scan_input_axes are not \(count)") }
    var tracks: [Track] = []
    for index in 0..<count {
      let tensor = try tensor(states + index)
      let axis = axes[index] < 0 ? axes[index] + tensor.shape.rank : axes[index]
      guard axis >= 0, axis < tensor.shape.rank else {
        throw error(.shape, "axis \(axes[index]) is outside of \(tensor)")
      }
      tracks.append(Track(tensor: tensor, axis: axis, isReversed: directions[index]))
    }
    var initial: [ProgramValue] = []
    for index in 0..<states { initial.append(try input(index)) }
    let steps = tracks[0].count
    guard tracks.allSatisfy({ $0.count == steps }) else {
      throw error(.shape, "the inputs differ in the number of steps")
    }
    let (last, stacks) = try scan(body, initial, tracks, steps)
    let added = stacks.count
    let outputAxes = try ints("scan_output_axes") ?? [Int](repeating: 0, count: added)
    let outputDirections = try self.directions("scan_output_directions", added)
    guard outputAxes.count == added else { throw error(.structure, "scan_output_axes are not \(added)") }
    var results = last
    for (index, stack) in stacks.enumerated() {
      let ordered = outputDirections[index] ? stack.reversed : stack
      results.append(.tensor(try stacked(ordered, outputAxes[index], body.outputs[states + index])))
    }
    return results
  }

  /// Opset 8 has an axis of samples before all others, and lengths as the first input.
  private var isBatched: Bool { get throws(GraphError) { node.version < 9 } }

  private func directions(_ attribute: String, _ count: Int) throws(GraphError) -> [Bool] {
    let given = try ints(attribute) ?? [Int](repeating: 0, count: count)
    guard given.count == count, given.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw error(.structure, "\(attribute) \(given) are not \(count) of 0 and 1")
    }
    return given.map { $0 == 1 }
  }

  private func scan(_ body: ProgramBody, _ initial: [ProgramValue], _ tracks: [Track], _ steps: Int)
    throws(GraphError) -> (states: [ProgramValue], stacks: [TensorStack])
  {
    var states = initial
    var stacks = [TensorStack](repeating: TensorStack(), count: body.outputs.count - states.count)
    for step in 0..<steps {
      try run.iterate(node)
      let slices = tracks.map { ProgramValue.tensor($0.slice(step, of: steps)) }
      let results = try run.run(body, states + slices, in: scope)
      try append(results[states.count...], to: &stacks)
      states = Array(results[..<states.count])
    }
    return (states, stacks)
  }

  private func batchedScan(_ body: ProgramBody, states: Int) throws(GraphError) -> [ProgramValue] {
    let count = body.inputs.count - states
    guard node.inputs.count == body.inputs.count + 1 else {
      throw error(.structure, "\(node.inputs.count) inputs are given for a body of \(body.inputs.count)")
    }
    let directions = try directions("directions", count)
    var given: [Tensor] = []
    for index in 0..<body.inputs.count { given.append(try tensor(index + 1)) }
    guard let samples = given.first?.shape.first, given.allSatisfy({ $0.shape.first == samples }),
      given[states...].allSatisfy({ $0.shape.rank > 1 && $0.shape[1] == given[states].shape[1] })
    else { throw error(.shape, "the inputs differ in samples or steps") }
    let steps = given[states].shape[1]
    let lengths = try optionalInput(0) == nil ? [Int](repeating: steps, count: samples) : tensor(0).integers
    guard lengths.count == samples, lengths.allSatisfy({ $0 >= 0 && $0 <= steps }) else {
      throw error(.shape, "the lengths \(lengths) do not fit \(samples) samples of \(steps) steps")
    }
    var results = [TensorStack](repeating: TensorStack(), count: body.outputs.count)
    for sample in 0..<samples {
      let own = given.map { $0.slice(axis: 0, at: sample) }
      let tracks = own[states...].enumerated().map { index, tensor in
        Track(tensor: tensor, axis: 0, isReversed: directions[index])
      }
      let (last, stacks) = try scan(body, own[..<states].map { .tensor($0) }, tracks, lengths[sample])
      var rows = last
      for (index, stack) in stacks.enumerated() {
        let tensor = try stacked(stack, 0, body.outputs[states + index])
        let bytes = GraphLimits.product(
          steps, GraphLimits.product(tensor.shape.dimensions.dropFirst()), tensor.elementType.byteCount)
        try run.checkMemory(GraphLimits.sum(scope.totalByteCount, bytes), node)
        rows.append(.tensor(tensor.padded(to: steps)))
      }
      try append(rows, to: &results)
    }
    var outputs: [ProgramValue] = []
    for (stack, port) in zip(results, body.outputs) { outputs.append(.tensor(try stacked(stack, 0, port))) }
    return outputs
  }
}

extension TensorStack {
  fileprivate var reversed: TensorStack {
    var result = TensorStack()
    for row in rows.reversed() { _ = result.append(row) }
    return result
  }
}

extension Tensor {
  /// The tensor with zeros behind it, `count` along axis 0 in all.
  fileprivate func padded(to count: Int) -> Tensor {
    var extents = shape
    extents[0] = max(count, shape[0])
    return Tensor(elementType: elementType, shape: extents) { target in
      withUnsafeBytes { target.copyMemory(from: $0) }
    }
  }
}
