import ArgumentParser
import VisionTraining

/// How images are changed while a network learns.
struct AugmentationFlags: ParsableArguments {
  @Option(help: ArgumentHelp(.augmentation)) var augment: String?
  @Option(help: ArgumentHelp(.mixup)) var mixup: String?
  @Option(help: ArgumentHelp(.cutmix)) var cutmix: String?
  @Option(help: ArgumentHelp(.mosaic)) var mosaic: String?
  @Option(help: ArgumentHelp(.copyPaste)) var copyPaste: String?
}
