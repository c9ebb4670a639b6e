enum NormalisationPlaceholder {}
