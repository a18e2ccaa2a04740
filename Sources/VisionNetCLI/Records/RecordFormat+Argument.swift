import ArgumentParser
import VisionInference

extension RecordFormat: ExpressibleByArgument {}
