import VisionCompute
import VisionGraph
import VisionImage
import VisionInference
import VisionModel
import VisionSystem
import VisionTensor

/// The network of a served model from tensors to tensors, without preparation of images and without decoding of results.
struct ServedNetwork: Sendable {
  let inputs: [ServedTensorSpec]
  let outputs: [ServedTensorSpec]
  private let sessions: SessionPool
  private let batch: BatchPolicy

  /// - Parameters:
  ///   - graph: has the outputs of the task, which are called by `names`.
  ///   - specs: the tensors of one sample.
  init(
    _ graph: Graph, calling names: [String], _ model: Model, _ specs: [TensorSpec], batch: BatchPolicy,
    on executor: Executor,
    _ options: SessionPool.Options = SessionPool.Options()
  ) throws(ClassifierError) {
    for spec in specs where spec.variableAxis != nil || ![.float32, .uint8].contains(spec.type) {
      throw ClassifierError(.network, "the input '\(spec.name)' is not of float32 or bytes of one shape")
    }
    inputs = specs.map {
      ServedTensorSpec(name: $0.name, isBytes: $0.type == .uint8, shape: Array($0.bounds))
    }
    outputs = zip(graph.outputs, names).map { output, name in
      ServedTensorSpec(
        name: name, isBytes: false, shape: Array(graph.fact(output.value).shape.dropFirst()))
    }
    self.batch = batch
    sessions = SessionPool(graph, model.parameters, writing: specs, on: executor, options)
  }

  /// Runs the network on N samples.
  ///
  /// - Parameter tensors: all inputs, each with the same N.
  /// - Throws: `ImageError` with kind `invalidArgument` for tensors that the network does not take; the errors of the network.
  func run(_ tensors: [ServedTensor], limit: Int) throws -> [ServedTensor] {
    let ordered = try inputs.map { spec in try tensor(spec, tensors, limit: limit) }
    for tensor in tensors where !inputs.contains(where: { $0.name == tensor.name }) {
      throw ImageError(.invalidArgument, "the network has no input '\(tensor.name)'")
    }
    let counts = Set(ordered.map { $0.shape[0] })
    guard let count = counts.first, counts.count == 1 else {
      throw ImageError(.invalidArgument, "the inputs have different numbers of samples")
    }
    let rows = try sessions.run(count, batch) { sample, slots, _ in
      for (index, (spec, tensor)) in zip(inputs, ordered).enumerated() {
        let size = spec.shape.reduce(1, *)
        let numbers = tensor.numbers[sample * size..<(sample + 1) * size]
        if spec.isBytes {
          let bytes = slots.bytes(index)
          for (place, number) in numbers.enumerated() { bytes[place] = UInt8(Int(saturating: number)) }
        } else {
          _ = slots.floats(index).update(from: numbers)
        }
      }
    } read: { _, _, results in
      (0..<results.count).map { Array(results.floats($0)) }
    }
    return outputs.enumerated().map { index, spec in
      ServedTensor(name: spec.name, shape: [count] + spec.shape, numbers: rows.flatMap { $0[index] })
    }
  }

  private func tensor(_ spec: ServedTensorSpec, _ tensors: [ServedTensor], limit: Int) throws(ImageError)
    -> ServedTensor
  {
    let found = tensors.filter { $0.name == spec.name }
    guard let tensor = found.first, found.count == 1 else {
      throw ImageError(.invalidArgument, "the input '\(spec.name)' must be given once")
    }
    guard let count = tensor.shape.first, (1...limit).contains(count),
      Array(tensor.shape.dropFirst()) == spec.shape
    else {
      throw ImageError(
        .invalidArgument,
        "the input '\(spec.name)' has the shape \(tensor.shape), not [N] + \(spec.shape) with N from 1 to \(limit)"
      )
    }
    // The shape is that of the network times at most `limit`, so that the product is far from overflow.
    guard tensor.numbers.count == spec.shape.reduce(count, *) else {
      throw ImageError(
        .invalidArgument,
        "the input '\(spec.name)' has \(tensor.numbers.count) numbers for the shape \(tensor.shape)")
    }
    if spec.isBytes, !tensor.numbers.allSatisfy({ (0...255).contains($0) && $0 == $0.rounded() }) {
      throw ImageError(.invalidArgument, "the input '\(spec.name)' takes whole numbers from 0 to 255")
    }
    return tensor
  }
}
