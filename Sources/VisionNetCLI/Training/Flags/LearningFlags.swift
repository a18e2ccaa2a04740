import ArgumentParser
import VisionTraining

/// How weights learn.
struct LearningFlags: ParsableArguments {
  @Option(help: ArgumentHelp(.epochs)) var epochs: String?
  @Option(help: ArgumentHelp(.minutes)) var minutes: String?
  @Option(help: ArgumentHelp(.batchSize)) var batchSize: String?
  @Option(help: ArgumentHelp(.optimizer)) var optimizer: String?
  @Option(help: ArgumentHelp(.rate)) var lr: String?
  @Option(help: ArgumentHelp(.schedule)) var schedule: String?
  @Option(help: ArgumentHelp(.warmup)) var warmup: String?
  @Option(help: ArgumentHelp(.weightDecay)) var weightDecay: String?
  @Option(help: ArgumentHelp(.momentum)) var momentum: String?
  @Option(help: ArgumentHelp(.averaging)) var ema: String?
  @Option(help: ArgumentHelp(.clip)) var clip: String?
  @Option(help: ArgumentHelp(.patience)) var patience: String?
  @Option(help: ArgumentHelp(.loss)) var loss: String?
  @Option(help: ArgumentHelp(.classWeights)) var classWeights: String?
  @Option(help: ArgumentHelp(.labelSmoothing)) var labelSmoothing: String?
}
