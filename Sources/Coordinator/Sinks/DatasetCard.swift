/// What makes the directory of shards a data set: which files belong to it, and the type of each column, so that a
/// column that happens to be empty in one shard has the same type as in the next.
enum DatasetCard {
    static let text = """
        ---
        configs:
        - config_name: default
          data_files:
          - split: train
            path: "scenarios-*.jsonl.zst"
        dataset_info:
        - config_name: default
          features:
          - name: id
            dtype: string
          - name: source_artifact
            dtype: string
          - name: content_type
            dtype: string
          - name: difficulty
            dtype: float64
          - name: learning_objectives
            list: string
          - name: training_data
            struct:
            - name: input
              dtype: string
            - name: expected_output
              struct:
              - name: threat_level
                dtype: float64
              - name: opportunity_value
                dtype: float64
              - name: content_type
                dtype: string
              - name: pattern
                struct:
                - name: id
                  dtype: string
                - name: terms
                  list: string
            - name: context
              struct:
              - name: source
                dtype: string
              - name: collected_at
                dtype: string
              - name: confidence
                dtype: float64
          - name: diversity_tags
            struct:
            - name: type
              dtype: string
            - name: domain
              dtype: string
            - name: node
              dtype: string
            - name: hour
              dtype: int64
          - name: novelty_score
            dtype: float64
          - name: fed_at
            dtype: string
        ---
        Scenarios fed by Rookery, one JSON object a line. `manifest.json` names the shards that are complete;
        `withdrawn/` names scenarios whose source has since forbidden training.

        """
}
