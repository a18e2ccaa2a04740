import VisionModel
import VisionSystem
import VisionTensor

extension EpochReport {
  /// The report as stored in checkpoints and logs.
  var json: JSONText {
    .object([
      ("epoch", JSONText(epoch)), ("epochs", JSONText(epochs)), ("step", JSONText(step)),
      ("training_loss", JSONText(trainingLoss)),
      ("validation", .object(validation.map { ($0.name, JSONText($0.value)) })), ("rate", JSONText(rate)),
      ("is_best", .bool(isBest)), ("samples_per_second", JSONText(samplesPerSecond)),
      ("seconds", JSONText(seconds)), ("seconds_left", JSONText(secondsLeft)),
    ])
  }

  /// Nil when an entry is missing; a null score becomes NaN.
  init?(_ json: JSONText) {
    guard let epoch = json["epoch"]?.integer, let epochs = json["epochs"]?.integer,
      let step = json["step"]?.integer, let loss = json["training_loss"]?.double,
      case .object(let scores)? = json["validation"], let rate = json["rate"]?.double,
      case .bool(let isBest)? = json["is_best"], let speed = json["samples_per_second"]?.double,
      let seconds = json["seconds"]?.double, let left = json["seconds_left"]?.double
    else { return nil }
    self.init(
      epoch: epoch, epochs: epochs, step: step, trainingLoss: loss,
      validation: scores.map { Score(name: $0.key, value: $0.value.double ?? .nan) }, rate: rate,
      isBest: isBest, samplesPerSecond: speed, seconds: seconds, secondsLeft: left)
  }
}
