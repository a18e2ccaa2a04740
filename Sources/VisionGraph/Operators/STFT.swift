public import VisionTensor
import VisionSystem

/// The discrete Fourier transforms of successive frames of a signal. ONNX STFT, opset 17.
///
/// Inputs: the signal N×T×1, or N×T×2 with real and imaginary parts, a floating-point type; the step from frame to frame, one int32
/// or int64 number; optionally a window of that type that multiplies each frame; optionally the length of a frame, one number,
/// otherwise the window's. Step and length are known before the run. Output: N × frames × frequencies × 2.
public struct STFT: Operator {
  public static let name = "STFT"
  public static let constantInputs: Set = [1, 3]
  /// Whether only the frequencies up to half the length are given, which those of a real signal follow from.
  public var isOneSided: Bool

  public init(isOneSided: Bool = true) { self.isOneSided = isOneSided }

  struct Form {
    var step: Int
    var length: Int
    var frames: Int
    var frequencies: Int
  }

  func form(_ inputs: [Fact?]) throws(ShapeError) -> Form {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    _ = try ShapeRule.required(inputs, 1, types: .indices)
    let window = try ShapeRule.optional(inputs, 2, types: [x.type])
    _ = try ShapeRule.optional(inputs, 3, types: .indices)
    guard x.shape.rank == 3, x.shape[2] == 1 || x.shape[2] == 2 && !isOneSided else {
      throw ShapeError("signal \(x.shape) must be N×T×1, or N×T×2 where both sides are wanted")
    }
    let step = try ShapeRule.constant(inputs, 1, "the step") ?? []
    let given = try ShapeRule.constant(inputs, 3, "the length of a frame")
    let length = given ?? [window?.shape.elementCount ?? x.shape[1]]
    guard length.count == 1, step.count == 1, step[0] > 0, length[0] > 0 else {
      throw ShapeError("the step and the length of a frame must be one positive number each")
    }
    if let window, window.shape != [length[0]] {
      throw ShapeError("window \(window.shape) does not have the \(length[0]) elements of a frame")
    }
    guard length[0] <= x.shape[1] else {
      throw ShapeError("a frame of \(length[0]) elements is longer than signal \(x.shape)")
    }
    return Form(
      step: step[0], length: length[0], frames: (x.shape[1] - length[0]) / step[0] + 1,
      frequencies: isOneSided ? length[0] / 2 + 1 : length[0])
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let form = try form(inputs)
    let x = try ShapeRule.required(inputs, 0)
    let extents = [x.shape[0], form.frames, form.frequencies, 2]
    return [Fact(x.type, try ShapeRule.shape(extents, "the transforms"))]
  }

  private func form(_ inputs: [Tensor?]) throws(EvaluationError) -> Form {
    do {
      return try form(inputs.map { $0.map(Fact.init(constant:)) })
    } catch { throw EvaluationError(error.message) }
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let form = try form(inputs)
    let x = try Reference.required(inputs, 0)
    let (values, parts) = (x.doubles, x.shape[2])
    let window =
      Reference.optional(inputs, 2)?.doubles
      ?? [Double](repeating: 1, count: x.shape[0] == 0 ? 0 : form.length)
    let sum = FourierSum(length: form.length, isInverse: false, lines: x.shape[0])
    var results: [Double] = []
    for signal in 0..<x.shape[0] {
      for frame in 0..<form.frames {
        let start = signal * x.shape[1] + frame * form.step
        let real = (0..<form.length).map { values[(start + $0) * parts] * window[$0] }
        let imaginary = (0..<form.length).map { parts == 2 ? values[(start + $0) * 2 + 1] * window[$0] : 0 }
        let (a, b) = sum(real, imaginary, 0..<form.frequencies)
        for index in a.indices { results += [a[index], b[index]] }
      }
    }
    return [Tensor(doubles: results, shape: fact.shape, elementType: fact.type)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let gradients = try node.add(Gradient(self), [node.gradient] + node.inputs)
    return try node.wanted { (index, _) throws(GraphError) in
      index == 0 ? gradients[0] : index == 2 ? gradients[1] : nil
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["onesided"])
    try node.allowInputs(atMost: 4)
    return try graph.add(
      STFT(isOneSided: try node.flag("onesided", default: true)), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["onesided": .int(isOneSided ? 1 : 0)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    let length = (try? form(inputs))?.length ?? 1
    return GraphLimits.product(outputs[0].shape.elementCount, length, 4)
  }
}

extension STFT {
  /// The gradients with respect to the signal and, where there is one, the window.
  ///
  /// Inputs: g, then the operator's inputs.
  package struct Gradient: InternalOperator {
    package static let name = "STFTGradient"
    package let transform: STFT

    package init(_ transform: STFT) { self.transform = transform }

    package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
      let own = Array(inputs.dropFirst())
      try ShapeRule.same(inputs, 0, as: transform.outputs(own)[0])
      let x = try ShapeRule.required(own, 0)
      let window = try ShapeRule.optional(own, 2)
      return [Fact(x.type, x.shape)] + (window.map { [Fact($0.type, $0.shape)] } ?? [])
    }

    package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
      let facts = try resolved(inputs)
      let own = Array(inputs.dropFirst())
      let form = try transform.form(own)
      let g = try Reference.required(inputs, 0).doubles
      let x = try Reference.required(own, 0)
      let (values, parts) = (x.doubles, x.shape[2])
      let window =
        Reference.optional(own, 2)?.doubles
        ?? [Double](repeating: 1, count: x.shape[0] == 0 ? 0 : form.length)
      let sum = FourierSum(length: form.length, isInverse: true, lines: x.shape[0])
      var (ofSignal, ofWindow) = (values.map { _ in 0.0 }, window.map { _ in 0.0 })
      for row in 0..<(x.shape[0] * form.frames) {
        let places = (0..<form.frequencies).map { 2 * (row * form.frequencies + $0) }
        let (a, b) = sum(places.map { g[$0] }, places.map { g[$0 + 1] }, 0..<form.length)
        let start = row / form.frames * x.shape[1] + row % form.frames * form.step
        for index in 0..<form.length {
          let place = (start + index) * parts
          ofSignal[place] += a[index] * window[index]
          ofWindow[index] += a[index] * values[place]
          guard parts == 2 else { continue }
          ofSignal[place + 1] += b[index] * window[index]
          ofWindow[index] += b[index] * values[place + 1]
        }
      }
      return zip(facts, [ofSignal, ofWindow]).map {
        Tensor(doubles: $1, shape: $0.shape, elementType: $0.type)
      }
    }

    package var attributes: Attributes { transform.attributes }

    package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
      transform.flops(Array(inputs.dropFirst()), inputs[0].map { [$0] } ?? outputs)
    }
  }
}
