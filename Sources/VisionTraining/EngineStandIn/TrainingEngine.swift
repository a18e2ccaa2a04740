public import VisionCompute
public import VisionGraph
import VisionTensor

/// TEMPORARY: the lead's Engine/TrainingEngine.swift replaces this file. The same numbers by the references, slowly.
public final class TrainingEngine {
  public enum Target: Sendable, Hashable { case classes, distribution, values }
  public enum Clipping: Sendable, Hashable { case norm(Float), value(Float) }

  public struct Settings: Sendable {
    public var loss: any LossOperator = SoftmaxCrossEntropy()
    public var classWeights: [Float]?
    public var target: Target = .classes
    public var batchSize: Int
    public var optimizer: any Optimizer
    public var isTrained: @Sendable (String) -> Bool = { _ in true }
    public var keepsStatistics: @Sendable (String) -> Bool = { _ in false }
    public var rateFactor: @Sendable (String) -> Float = { _ in 1 }
    public var clipping: Clipping?
    public var averageDecay: Float?
    public var memoryLimit: Int?
    public init(batchSize: Int, optimizer: any Optimizer) {
      self.batchSize = batchSize
      self.optimizer = optimizer
    }
  }

  public struct Memory: Sendable, Hashable {
    public var activations = 0
    public var weights = 0
    public var gradients = 0
    public var slots = 0
    public var average = 0
    public var total: Int { activations + weights + gradients + slots + average }
  }

  public let memory: Memory
  public private(set) var stepCount = 0
  private let graph: Graph
  private let settings: Settings
  private let trained: [String]
  private let updates: [String]
  private var current: Parameters
  private var average: Parameters?
  private var slots: [Parameters] = []
  private var input: [Float]
  private var classes: [Int64]
  private var targets: [Float]
  private var keys: [Int64]
  private let inputShape: Shape
  private let inputName: String
  private let predictionShape: Shape

  public init(
    _ graph: Graph, prediction: String = "logits", parameters: Parameters, settings: Settings,
    executor: Executor
  ) throws(TrainingError) {
    do {
      let bound = try graph.bound(batch: settings.batchSize)
      let training = try TrainingMode(isFrozen: settings.keepsStatistics).run(bound)
      let builder = GraphBuilder(extending: training)
      for output in training.outputs { try builder.output(output.name, builder.value(output.value)) }
      guard let logits = training.outputs.first(where: { $0.name == prediction })?.value else {
        throw GraphError(.name, "no output \(prediction)")
      }
      let p = builder.value(logits)
      predictionShape = p.shape
      let target: Value =
        switch settings.target {
        case .classes:
          try builder.input("target", type: .int64, dimensions: [.fixed(p.shape[0])])
        default: try builder.input("target", dimensions: p.shape.map { .fixed($0) })
        }
      let weights = settings.classWeights.map { builder.constant(Tensor($0), name: "class weights") }
      let loss = try Self.apply(settings.loss, p, target, weights)
      try builder.output("loss", loss)
      let updates = training.outputs.map(\.name).filter { $0.hasPrefix("update of ") }
      let statistics = Set(
        graph.nodes.filter { $0.operation is BatchNormalization }.flatMap { node in
          node.inputs[3...].compactMap { $0.map { graph[$0].name } }
        })
      trained = graph.parameters.map(\.name).filter { !statistics.contains($0) && settings.isTrained($0) }
      self.updates = updates
      self.graph = try builder.graph.differentiated(loss: "loss", withRespectTo: trained)
      inputName = bound[bound.inputs[0]].name
      inputShape = bound.fact(bound.inputs[0]).shape
    } catch let error as GraphError { throw TrainingError(error) } catch {
      throw TrainingError("graph", "\(error)")
    }
    self.settings = settings
    current = parameters
    average = settings.averageDecay == nil ? nil : parameters
    for _ in 0..<settings.optimizer.slotCount {
      var zeros = Parameters()
      for name in trained {
        if let tensor = parameters[name] { zeros[name] = Tensor(repeating: Float(0), shape: tensor.shape) }
      }
      slots.append(zeros)
    }
    input = [Float](repeating: 0, count: inputShape.elementCount)
    classes = [Int64](repeating: 0, count: settings.batchSize)
    targets = [Float](repeating: 0, count: predictionShape.elementCount)
    keys = [Int64](repeating: 0, count: settings.batchSize * 3)
    var memory = Memory()
    memory.weights = parameters.elementCount * 4
    self.memory = memory
  }

  private static func apply<L: LossOperator>(_ loss: L, _ p: Value, _ t: Value, _ w: Value?)
    throws(GraphError)
    -> Value
  { try loss(p, t, weights: w) }

  public func withInput(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    try input.withUnsafeMutableBufferPointer { try body($0) }
  }
  public func withClasses(_ body: (UnsafeMutableBufferPointer<Int64>) throws -> Void) rethrows {
    try classes.withUnsafeMutableBufferPointer { try body($0) }
  }
  public func withTargets(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    try targets.withUnsafeMutableBufferPointer { try body($0) }
  }
  public func setKeys(seed: UInt64, epoch: Int, samples: [Int]) {
    keys = samples.flatMap { [Int64(bitPattern: seed), Int64(epoch), Int64($0)] }
  }

  public func step(rate: Float) throws(TrainingError) -> Float {
    var inputs: [String: Tensor] = [
      inputName: Tensor(input, shape: inputShape),
      TrainingMode.keysName: Tensor(keys, shape: [settings.batchSize, 3]),
    ]
    inputs["target"] =
      settings.target == .classes ? Tensor(classes) : Tensor(targets, shape: predictionShape)
    let results: [String: Tensor]
    do {
      results = try Interpreter(graph, parameters: current).run(inputs)
    } catch { throw TrainingError(error) }
    let loss = results["loss"]?.floats[0] ?? .nan
    guard loss.isFinite else { throw TrainingError("diverged", "the loss is \(loss)") }
    stepCount += 1
    var gradients = trained.map { results[Graph.gradientName(of: $0)]?.floats ?? [] }
    switch settings.clipping {
    case .norm(let limit):
      let norm = Float(gradients.joined().reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
      if norm > limit { gradients = gradients.map { $0.map { $0 * (limit / norm) } } }
    case .value(let limit): gradients = gradients.map { $0.map { min(max($0, -limit), limit) } }
    case nil: break
    }
    for (name, gradient) in zip(trained, gradients) {
      guard let tensor = current[name] else { continue }
      var weights = tensor.floats
      var states = slots.map { $0[name]?.floats ?? [] }
      weights.withUnsafeMutableBufferPointer { weights in
        gradient.withUnsafeBufferPointer { gradient in
          let buffers = states.indices.map { index in
            let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: states[index].count)
            _ = memory.initialize(from: states[index])
            return memory
          }
          settings.optimizer.update(
            ParameterPart(
              name: name, weights: weights, gradient: gradient, slots: buffers, step: stepCount,
              rate: rate * settings.rateFactor(name), decays: tensor.shape.rank >= 2))
          for index in states.indices {
            states[index] = Array(buffers[index])
            buffers[index].deallocate()
          }
        }
      }
      current[name] = Tensor(weights, shape: tensor.shape)
      for index in states.indices { slots[index][name] = Tensor(states[index], shape: tensor.shape) }
    }
    for name in updates { current[String(name.dropFirst("update of ".count))] = results[name] }
    if let decay = settings.averageDecay, var average {
      for (name, tensor) in current {
        guard let old = average[name] else { continue }
        average[name] = Tensor(
          zip(old.floats, tensor.floats).map { decay * $0 + (1 - decay) * $1 }, shape: tensor.shape)
      }
      self.average = average
    }
    return loss
  }

  public var parameters: Parameters { current }
  public var averagedParameters: Parameters? { average }

  public var state: Parameters {
    var state = Parameters()
    for (name, tensor) in current { state["weights/\(name)"] = tensor }
    for (index, slot) in slots.enumerated() {
      for (name, tensor) in slot { state["slot\(index)/\(name)"] = tensor }
    }
    if let average { for (name, tensor) in average { state["average/\(name)"] = tensor } }
    return state
  }

  public func restore(_ state: Parameters, stepCount: Int) throws(TrainingError) {
    let own = self.state
    for (name, tensor) in own where state[name]?.shape != tensor.shape {
      throw TrainingError("checkpoint", "does not fit", place: name)
    }
    func copy(_ tensor: Tensor?) -> Tensor? { tensor.map { Tensor($0.floats, shape: $0.shape) } }
    for name in current.names { current[name] = copy(state["weights/\(name)"]) }
    for index in slots.indices {
      for name in slots[index].names { slots[index][name] = copy(state["slot\(index)/\(name)"]) }
    }
    for name in average?.names ?? [] { average?[name] = copy(state["average/\(name)"]) }
    self.stepCount = stepCount
  }
}
