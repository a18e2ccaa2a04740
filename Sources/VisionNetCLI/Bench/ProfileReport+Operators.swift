import VisionNet
import VisionRuntime

extension ProfileReport {
  /// What the steps of one operator take in a step of training, on the way to the loss and back from it.
  struct OperatorTime {
    let name: String
    var forward = 0.0
    var backward = 0.0
    var steps = 0
    /// Of these steps, those that run on a slow reference, and their seconds.
    var references = 0
    var referenceSeconds = 0.0
  }

  /// The operators, slowest first.
  var operators: [OperatorTime] {
    var sums: [String: OperatorTime] = [:]
    for (step, seconds) in zip(trace.steps, trace.medians) {
      var sum = sums[step.operatorName] ?? OperatorTime(name: step.operatorName)
      // Nodes that a gradient consists of are named after the node that they are the gradient of.
      if step.name.contains(".gradient") { sum.backward += seconds } else { sum.forward += seconds }
      sum.steps += 1
      if step.isReference {
        sum.references += 1
        sum.referenceSeconds += seconds
      }
      sums[step.operatorName] = sum
    }
    return sums.values.sorted { ($0.forward + $0.backward, $1.name) > ($1.forward + $1.backward, $0.name) }
  }

  /// A table of the operators, and below it the names of the steps that run on references.
  func operatorText(width: Int?) -> String {
    let operators = operators
    let all = operators.reduce((0.0, 0.0, 0.0)) {
      ($0.0 + $1.forward, $0.1 + $1.backward, $0.2 + $1.referenceSeconds)
    }
    func milliseconds(_ seconds: Double) -> String { Figures.fixed(seconds * 1e3, 4) }
    var rows = [["operator", "steps", "forward ms", "backward ms", "on references", "ms on them"]]
    rows += operators.map {
      [
        $0.name, "\($0.steps)", milliseconds($0.forward), milliseconds($0.backward), "\($0.references)",
        milliseconds($0.referenceSeconds),
      ]
    }
    rows.append([
      "all", "\(trace.steps.count)", milliseconds(all.0), milliseconds(all.1),
      "\(operators.reduce(0) { $0 + $1.references })", milliseconds(all.2),
    ])
    let slow = trace.steps.filter(\.isReference).map { "\(FilePath($0.name).printable) (\($0.operatorName))" }
    let table = TextTable.text(rows, numbers: [1, 2, 3, 4, 5], width: width)
    return slow.isEmpty ? table : table + "\n\non slow references: \(slow.joined(separator: ", "))"
  }

  var operatorJSON: JSON {
    .array(
      operators.map {
        [
          "operator": .string($0.name), "steps": .integer($0.steps),
          "forwardMilliseconds": .number(Figures.rounded($0.forward * 1e3, 6)),
          "backwardMilliseconds": .number(Figures.rounded($0.backward * 1e3, 6)),
          "references": .integer($0.references),
          "referenceMilliseconds": .number(Figures.rounded($0.referenceSeconds * 1e3, 6)),
        ]
      })
  }
}
