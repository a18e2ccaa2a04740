import VisionCompute
import VisionGraph
import VisionRuntime
import VisionSystem
import VisionTensor

/// The numbers that a step changes: weights, running statistics, optimizer state and moving average. They are
/// stored in the layout of the kernels, and converted to their shapes only on request.
final class ParameterMemory {
  let variables: [Plan.Variable]
  let weights: FlatMemory
  let slots: FlatMemory
  let average: FlatMemory?
  private let plan: Plan
  /// The names of all parameters, in the order of the network.
  private let names: [String]
  /// The parameters that no step changes.
  private let untrained: Parameters
  private let slotCount: Int

  /// - Parameter parameters: the initial weights and statistics.
  init(
    _ plan: Plan, names: [String], _ parameters: consuming Parameters, slotCount: Int, hasAverage: Bool
  ) {
    (self.plan, self.names, self.slotCount) = (plan, names, slotCount)
    variables = plan.variableList
    let changing = Set(variables.map(\.name))
    var untrained = Parameters()
    for (name, tensor) in parameters where !changing.contains(name) { untrained[name] = tensor }
    self.untrained = untrained
    weights = FlatMemory(plan.variableFloats)
    for variable in variables {
      guard let tensor = parameters[variable.name] else { continue }
      plan.store(tensor, as: variable, in: weights.floats)
      // Pages of a file, which others may hold for longer than this.
      tensor.storage.giveBack()
    }
    parameters = Parameters()
    Executor.releaseFreeMemory()
    slots = FlatMemory(plan.variableFloats * slotCount)
    average = hasAverage ? FlatMemory(plan.variableFloats) : nil
    average?.floats.update(from: weights.floats, count: plan.variableFloats)
  }

  /// All parameters of the network as they are now.
  var parameters: Parameters { parameters(weights) }
  var averagedParameters: Parameters? { average.map { parameters($0) } }

  private func parameters(_ memory: FlatMemory) -> Parameters {
    let own = Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0) })
    var result = Parameters()
    for name in names {
      result[name] = own[name].map { plan.load($0, from: memory.floats) } ?? untrained[name]
    }
    return result
  }

  /// Everything that a step changes, exact to the bit: `weights/NAME`, `slot0/NAME`…, `average/NAME`.
  var state: Parameters {
    var result = Parameters()
    for (name, variable, memory) in places { result[name] = plan.load(variable, from: memory) }
    return result
  }

  /// Restores an earlier `state`.
  ///
  /// - Throws: `TrainingError` of the kind `checkpoint` when a tensor is missing or does not fit; then
  ///   nothing has changed.
  func restore(_ state: Parameters) throws(TrainingError) {
    for (name, variable, _) in places {
      guard let tensor = state[name], tensor.elementType == .float32, tensor.shape == variable.fact.shape
      else {
        throw TrainingError(
          .checkpoint,
          "the checkpoint does not fit the network: '\(name)' is \(state[name].map { "\($0)" } ?? "missing")",
          place: name, remedy: "resume with the configuration that the run was started with")
      }
    }
    for (name, variable, memory) in places {
      if let tensor = state[name] { plan.store(tensor, as: variable, in: memory) }
    }
  }

  private var places: [(name: String, variable: Plan.Variable, memory: UnsafeMutablePointer<Float>)] {
    var blocks = [("weights", weights.floats)]
    for index in 0..<slotCount { blocks.append(("slot\(index)", slots.floats + index * plan.variableFloats)) }
    if let average { blocks.append(("average", average.floats)) }
    return blocks.flatMap { place, memory in variables.map { ("\(place)/\($0.name)", $0, memory) } }
  }
}
