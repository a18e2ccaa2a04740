public import VisionGraph
public import VisionInference
public import VisionLayers
public import VisionModel
public import VisionSystem
public import VisionTensor
public import VisionTraining

/// The task of predicting numbers from the columns of a table.
///
/// ```swift
/// let rows = try TableSamples(measures, prices)
/// let task = try Regression(rows, columns: ["rooms", "area"], predicting: ["price"])
/// let run = try TrainingRun(task, on: Dataset(name: "houses", training: rows), from: .layers(body), epochs: 50)
/// ```
public struct Regression: TrainableTask {
  public static let name = "regression"
  public static let columns = ["column", "value"]
  /// The network's output: the predicted columns, standardized.
  private static let values = OutputRole(kind: "values")

  public let input: ColumnInput
  /// The columns that are predicted.
  public let predicted: [TableColumn]

  /// Makes the task for a table, with the statistics of its rows.
  ///
  /// - Throws: `TrainingError`: `shape` for rows of other lengths, `notFinite` for values that are not
  ///   finite, `data` for no rows or no columns.
  public init(_ rows: TableSamples, columns: [String], predicting: [String]) throws(TrainingError) {
    guard !columns.isEmpty, !predicting.isEmpty else {
      throw TrainingError(.data, "there is no column to learn from, or none to predict")
    }
    let found = try rows.columns(columns, predicting: predicting)
    (input, predicted) = (ColumnInput(found.inputs), found.predicted)
  }

  public init(_ model: Model) throws(TrainingError) {
    let signature = model.signature
    guard signature.task == Self.name else {
      throw TrainingError(.network, "the model is one for \(signature.task), not for \(Self.name)")
    }
    func columns(_ key: String) throws(TrainingError) -> [TableColumn] {
      guard case .array(let items)? = signature.details[key], !items.isEmpty,
        case let columns = items.compactMap({ TableColumn($0) }), columns.count == items.count
      else { throw TrainingError(.network, "the model's signature says nothing usable of its \(key)") }
      return columns
    }
    (input, predicted) = (ColumnInput(try columns("columns")), try columns("predicted"))
  }

  public var details: [String: JSON] {
    ["columns": .array(input.columns.map(\.json)), "predicted": .array(predicted.map(\.json))]
  }

  public var outputs: [OutputRole] { [Self.values] }

  public func decode(_ outputs: borrowing OutputSlots, _ context: Void) throws(TrainingError) -> [Double] {
    let values = outputs.floats(0)
    guard values.count == predicted.count, values.allSatisfy(\.isFinite) else {
      throw TrainingError(
        .notFinite, "the network gives \(Array(values)) for \(predicted.count) columns")
    }
    return zip(predicted, values).map { $0.value($1) }
  }

  public func record(_ prediction: [Double]) -> Record {
    let named = zip(predicted.map(\.name), prediction)
    return Record(
      line: named.flatMap {
        [Record.Word("  "), Record.Word($0, .faint), Record.Word(" "), Record.Word("\($1)", .strong)]
      },
      fields: [("values", .object(named.map { ($0, .number($1)) }))], rows: named.map { [$0, "\($1)"] })
  }

  public var targets: [TensorSpec] {
    [TensorSpec(name: "values", shape: [.fixed(predicted.count)], mixing: .linear)]
  }

  public func write(_ truth: Numbers, into slots: borrowing TensorSlots) throws {
    try ColumnInput.write(truth.values, predicted, into: slots)
  }

  public func head(on features: FeatureLevels) throws(GraphError) -> [OutputRole: Value] {
    guard let embedding = features.embedding else {
      throw GraphError(.structure, "regression needs an embedding of the row")
    }
    return [Self.values: try Dense(predicted.count)(embedding)]
  }

  public var objective: Objective { Objective(MeanSquaredError(), of: Self.values, against: "values") }

  public func evaluator() -> RegressionErrors { RegressionErrors() }
}
