import VisionGraph
import VisionNet
import VisionSystem

/// The description of a model by `inspect`.
struct ModelReport {
  let path: String
  let model: Model

  /// - Parameter input: gives the height and width of the image where the file leaves them open.
  init(path: String, _ input: PreprocessingOption) throws {
    self.path = path
    model = try input.model(path)
  }

  /// An architecture without weights.
  init(_ architecture: Architecture) throws(GraphError) {
    path = "\(architecture.title) (\(architecture.paper))"
    model = Model(graph: try architecture.graph(), parameters: Parameters())
  }

  /// - Parameter width: the columns of the terminal; nil where there is none.
  func text(width: Int?) -> String {
    let graph = model.graph
    let summary = graph.summary
    var lines = [FilePath(path).printable]
    lines += ports("input", graph.inputs.map { (graph[$0].name, description(of: $0)) })
    lines += ports("output", graph.outputs.map { ($0.name, description(of: $0.value)) })
    if let note = Self.note(model) { lines.append("  \(note)") }
    lines += ["", layers(summary, width: width), ""]
    if model.labels.isEmpty {
      lines.append("labels         none in the file")
    } else {
      let first = model.labels.prefix(5).map { FilePath($0).printable }.joined(separator: ", ")
      lines.append("labels         \(model.labels.count): \(first)\(model.labels.count > 5 ? ", …" : "")")
    }
    lines.append("preprocessing  \(model.preprocessing?.json ?? "none in the file")")
    lines += DetectorHeadReport(model)?.lines ?? []
    if let images = model.trainingImages {
      let chosen =
        images.validation.isEmpty ? "" : ", its settings chosen on \(images.validation.count) others"
      lines.append("trained on     \(images.training.count) images\(chosen), whose hashes are in the file")
    }
    if let quantization = model.quantization {
      lines.append("quantized      \(QuantizationReport(quantization, of: model).sentence)")
    }
    return lines.joined(separator: "\n")
  }

  /// The summary's own text, or on a terminal that of a table that fits there.
  private func layers(_ summary: GraphSummary, width: Int?) -> String {
    guard let width else { return summary.description }
    let lines = summary.description.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.contains(where: { $0.count > width }) else { return summary.description }
    let rows = summary.rows.map { row in
      [
        row.path, row.operatorName, row.outputs.map(\.description).joined(separator: ", "),
        row.parameters == 0 ? "" : Figures.grouped(row.parameters), Figures.fixed(Double(row.flops) / 1e6, 2),
      ]
    }
    let head = ["path", "operator", "output", "parameters", "MFLOP"]
    return TextTable.text([head] + rows, numbers: [3, 4], width: width) + "\n" + summary.totals
  }

  var json: JSON {
    let graph = model.graph
    let summary = graph.summary
    return [
      "schema": JSON.schema, "path": .string(path), "kind": "model",
      "inputs": .array(graph.inputs.map { port(graph[$0].name, $0) }),
      "outputs": .array(graph.outputs.map { port($0.name, $0.value) }),
      "layers": .array(
        summary.rows.map { row in
          [
            "path": .string(row.path), "operator": .string(row.operatorName),
            "outputs": .array(row.outputs.map { shape in .array(shape.map { .integer($0) }) }),
            "parameters": .integer(row.parameters), "flops": .integer(row.flops),
          ]
        }),
      "parameters": .integer(summary.parameters), "statistics": .integer(summary.statistics),
      "flops": .integer(summary.flops), "labels": .array(model.labels.map { .string($0) }),
      "preprocessing": model.preprocessing.map { .verbatim($0.json) } ?? .null,
      "detector": DetectorHeadReport(model)?.json ?? .null,
      "trainingImages": model.trainingImages.map {
        ["training": .integer($0.training.count), "validation": .integer($0.validation.count)]
      } ?? .null,
      "quantization": model.quantization.map { QuantizationReport($0, of: model).json } ?? .null,
    ]
  }

  /// A remark about an assumed image size; nil if the file gives the size.
  static func note(_ model: Model) -> String? {
    model.assumedSides.map {
      "the file leaves the sides of the image open: shapes are for \($0.height)×\($0.width)"
    }
  }

  private func ports(_ kind: String, _ ports: [(String, String)]) -> [String] {
    ports.map { "  \(kind)\(kind == "input" ? " " : "")  \(FilePath($0).printable)  \($1)" }
  }

  /// The type and the shape; an axis that is open until the batch is known appears by its name.
  private func description(of id: ValueID) -> String {
    let record = model.graph[id]
    guard case .input(let dimensions) = record.source else { return record.fact.description }
    let extents = dimensions.map { dimension in
      switch dimension {
      case .fixed(let extent): String(extent)
      case .symbolic(let name): FilePath(name).printable
      }
    }
    return "\(record.fact.type.rawValue) \(extents.joined(separator: "×"))"
  }

  private func port(_ name: String, _ id: ValueID) -> JSON {
    let record = model.graph[id]
    var shape = record.fact.shape.map { JSON.integer($0) }
    if case .input(let dimensions) = record.source {
      shape = dimensions.map { dimension in
        switch dimension {
        case .fixed(let extent): .integer(extent)
        case .symbolic(let name): .string(name)
        }
      }
    }
    return ["name": .string(name), "type": .string(record.fact.type.rawValue), "shape": .array(shape)]
  }
}
